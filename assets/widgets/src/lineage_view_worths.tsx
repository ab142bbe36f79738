/** What each difference of the two architectures is worth: a row a change, a column a metric. */
import type { JSX } from "react";
import type { Worths } from "./lineage_view_data";

const TONES = { better: "okc", worse: "errc", "": "t2" };

export function WorthTable({ worths }: { worths: Worths }): JSX.Element {
  return (
    <div className="lv-worths">
      <table className="lv-rows">
        <thead>
          <tr>
            <th scope="col" className="l">
              Worth of each
            </th>
            {worths.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {worths.rows.map((row) => (
            <tr key={row.words}>
              <th scope="row" className="l">
                {row.words}
              </th>
              {row.cells.map((cell, i) => (
                <td key={i} className={TONES[cell.tone]} title={cell.title}>
                  {cell.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="lv-why sm t2">{worths.how}</p>
    </div>
  );
}
