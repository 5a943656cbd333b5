export type FieldProblem = { readonly field: string; readonly text: string };

/** The summary of a refused form: takes focus and links to each field (`id` of the field = its name). */
export function Problems({ title, problems }: { title: string; problems: readonly FieldProblem[] }) {
  return (
    <div id="problems" role="alert" tabIndex={-1} className="mt-4 rounded-corner border-2 border-red bg-red-soft p-4">
      <h2 className="font-bold">{title}</h2>
      <ul className="list-disc ps-5">
        {problems.map(({ field, text }) => (
          <li key={field}>
            <a href={`#${field}`} className="underline">
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
