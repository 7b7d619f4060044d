export function atTheEnd(work: () => Promise<void>): void;
export function worksAtTheEnd(): void;
