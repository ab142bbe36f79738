/** When moments are asked for: each question costs the page more than its answer. */
import { expect, test } from "vitest";
import { MomentsAhead, type MomentsMessage } from "../src/dashboard_moments";

const range = (first: number, end: number) => Array.from({ length: end - first }, (_, i) => first + i);

function asking(): { ahead: MomentsAhead; asked: number[][]; answer: (events: number[]) => void; wait: (ms: number) => void } {
  const asked: number[][] = [];
  let time = 0;
  const ahead = new MomentsAhead((message) => asked.push((message as { events: number[] }).events), () => time);
  ahead.choose("the key");
  const moment = (events: number) => ({ events, header: 0, banner: 0, pareto: 0, curve: 0, detail: 0, table: { rows: [] }, figure: { data: [], layout: 0 } });
  const answer = (events: number[]) => ahead.take({ type: "moments", key: "the key", pool: [null], moments: events.map(moment) } as unknown as MomentsMessage);
  return { ahead, asked, answer, wait: (ms) => (time += ms) };
}

test("many are asked for in two questions, and another when one is answered", () => {
  const { ahead, asked, answer } = asking();
  ahead.want(range(0, 128));
  expect(asked).toEqual([range(0, 32), range(32, 64)]);
  ahead.want(range(0, 128));
  expect(asked).toHaveLength(2);
  answer(range(0, 32));
  ahead.want(range(1, 129));
  expect(asked[2]).toEqual(range(64, 96));
});

test("a few are asked for only when they are due soon", () => {
  const { ahead, asked, answer } = asking();
  answer(range(0, 128));
  ahead.want(range(10, 138));
  expect(asked).toEqual([]);
  ahead.want(range(112, 138));
  expect(asked).toEqual([]);
  ahead.want(range(113, 138));
  expect(asked).toEqual([range(128, 138)]);
});

test("the one below the pointer is asked for at once, and again if its answer was lost", () => {
  const { ahead, asked, wait } = asking();
  ahead.want([7]);
  ahead.want([7]);
  expect(asked).toEqual([[7]]);
  wait(2001);
  ahead.want([7]);
  expect(asked).toEqual([[7], [7]]);
});

test("what answers another choice is not kept", () => {
  const { ahead, answer } = asking();
  answer([3]);
  expect(ahead.get(3)?.events).toBe(3);
  ahead.choose("another");
  answer([4]);
  expect([ahead.get(3), ahead.get(4)]).toEqual([null, null]);
});
