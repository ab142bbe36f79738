/** The lessons of the course: question, goals, time, and how to open each. */
import type { JSX } from "react";
import { CopyButton } from "./copy_button";
import type { Lesson } from "./explore_data";
import { notebookLink } from "./explore_link";

const COMMAND = "nas-explorer lab";

export function Lessons({ lessons, brief = false }: { lessons: Lesson[]; brief?: boolean }): JSX.Element {
  return (
    <ol className={brief ? "ex-list ex-lessons" : "ex-lessons"}>
      {lessons.map((lesson) => (
        <li key={lesson.number} className="ex-lesson">
          <span className="ex-line">
            <span className="mono t2">{lesson.number}</span>
            <LessonName lesson={lesson} />
            <span className="grow" />
            <span className="xs t2">{lesson.minutes} min</span>
          </span>
          {!brief && (
            <ul className="ex-goals sm t2">
              {lesson.goals.map((goal) => (
                <li key={goal}>{goal}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}

function LessonName({ lesson }: { lesson: Lesson }): JSX.Element {
  const link = notebookLink(lesson.paths);
  if (link === null) return <span className="b">{lesson.question}</span>;
  return (
    <a className="ex-link b" href={link} target="_blank" rel="noreferrer">
      {lesson.question}
    </a>
  );
}

export function LessonPanel({ lessons }: { lessons: Lesson[] }): JSX.Element {
  return (
    <div className="ex-start one">
      <section className="ex-part" aria-label="Lessons">
        <h4>Lessons</h4>
        <p className="sm t2">
          Notebooks, one question each; they run on two cores without a network. <span className="mono">{COMMAND}</span> in a terminal opens
          them in JupyterLab. <CopyButton text={COMMAND} label="Copy the line" className="btn ghost small" />
        </p>
        <Lessons lessons={lessons} />
      </section>
    </div>
  );
}
