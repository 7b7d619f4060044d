/** Words that a request and a policy choose from. */

export const BAN_SCOPES = ['instance', 'name', 'none'] as const;
export type BanScope = (typeof BAN_SCOPES)[number];

export const FAILURE_POLICIES = ['auto', 'release', 'keep', 'ask'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

/** What a run that asked goes on with: as told, or by default when nobody answers. */
export const DECISIONS = ['auto', 'release', 'keep'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What is done with a host that is offline: waited for, refused, or isolated only. */
export const OFFLINE_POLICIES = ['wait', 'fail', 'isolate-only'] as const;
export type OfflinePolicy = (typeof OFFLINE_POLICIES)[number];

/** Whether the wish for an offline host is written at once, or only when the host is back. */
export const OFFLINE_WISHES = ['now', 'withhold'] as const;
export type OfflineWish = (typeof OFFLINE_WISHES)[number];

/** What becomes of the wish when an offline host does not come back in time. */
export const OFFLINE_EXPIRES = ['keep', 'withdraw'] as const;
export type OfflineExpire = (typeof OFFLINE_EXPIRES)[number];
