export function compile(o: {
  root: string;
  entryPoints: { in: string; out: string }[];
  folder: string;
}): Promise<void>;
