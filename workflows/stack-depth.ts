/**
 * Of every promise that a workflow waits for, the SDK keeps the stack it was made on, so that Temporal Web can show where a run
 * stands; in a lease that is held for months these were half its memory. The first frames of each are the SDK's own, the next
 * say where: the promises they wait for have stacks of their own.
 *
 * Only the shipped bundle, whose modules are loaded before the sandbox is frozen, can set it; elsewhere nothing happens.
 */
Reflect.set(Error, 'stackTraceLimit', 5);

export {};
