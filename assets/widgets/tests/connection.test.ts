import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { greet, isAttached, watchAttachment } from "../src/connection";
import type { KernelLike } from "../src/model";
import { FakeModel, FakeSignal } from "./fake_model";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function greeted(kernel: KernelLike): FakeModel {
  const model = new FakeModel({});
  model.widget_manager = { get_model: async () => model, kernel };
  greet(model, model);
  return model;
}

test("hello is repeated until a subshell answers", () => {
  const model = greeted({ status: "idle" });
  vi.advanceTimersByTime(300);
  model.fire("msg:custom", { type: "ack", thread: "MainThread" });
  vi.advanceTimersByTime(300);
  expect(model.sent).toEqual(Array(3).fill({ type: "hello" }));
  model.fire("msg:custom", { type: "ack", thread: "subshell-4f2a" });
  vi.advanceTimersByTime(3000);
  expect(model.sent).toHaveLength(3);
  expect(model.listening).toEqual([]);
});

test("hello gives up after ten tries", () => {
  const model = greeted({ status: "idle" });
  vi.advanceTimersByTime(60_000);
  expect(model.sent).toHaveLength(10);
  expect(model.listening).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("hello ends when the kernel restarts", () => {
  const kernel = { status: "idle" };
  const model = greeted(kernel);
  kernel.status = "restarting";
  vi.advanceTimersByTime(60_000);
  expect(model.sent).toHaveLength(1);
  expect(model.listening).toEqual([]);
});

test("a closed comm and a dead kernel both mean not attached", () => {
  const stream = new FakeModel({});
  expect(isAttached(stream, { status: "busy" })).toBe(true);
  expect(isAttached(stream, { status: "dead" })).toBe(false);
  expect(isAttached(stream, { status: "unknown", isDisposed: true })).toBe(false);
  stream.comm_live = false;
  expect(isAttached(stream, { status: "busy" })).toBe(false);
});

test("a host that tells nothing about its comm counts as attached", () => {
  expect(isAttached({ get: () => undefined, on() {}, off() {} }, null)).toBe(true);
});

test("both changes are heard, and neither after the end", () => {
  const stream = new FakeModel({});
  const statusChanged = new FakeSignal();
  const changed = vi.fn();
  const end = watchAttachment(stream, { status: "idle", statusChanged }, changed);
  stream.fire("comm_live_update");
  statusChanged.emit();
  expect(changed).toHaveBeenCalledTimes(2);
  end();
  expect(stream.listening).toEqual([]);
  expect(statusChanged.slots).toEqual([]);
});
