/** Whether `dist/` was built from these very sources. `root`: the project's folder. */
export function isBuilt(root: string): boolean;
