import type { Profile } from './knobs.js';

/** What differs between server versions (API reference 15). */
export interface ProfileTraits {
  version: string;
  versionRelease: string;
  /** PUT of a sensor refuses keys outside the allow-list (>= 7.1). */
  sensorPutAllowList: boolean;
  /** The unpaged sensor list has a limit (7.x). */
  unpagedSensorCap: boolean;
  /** A search row per segment with millisecond segment ids, lower-case host names, cb.group, `terminated` (>= 6). */
  immutableDocuments: boolean;
  /** `/session?active_only=true` is honoured (>= 6.3). */
  activeOnly: boolean;
  /** Search rows carry process_sha256. */
  sha256: boolean;
  /** Sensors carry fields that the recordings of 6.2 do not have; computer_sid of Linux ends in a newline. */
  sensorExtras: boolean;
  sensorBuild: string;
}

export const profiles: Record<Profile, ProfileTraits> = {
  '5.2': {
    version: '5.2.0.161004.1206',
    versionRelease: '5.2.0-4',
    sensorPutAllowList: false,
    unpagedSensorCap: false,
    immutableDocuments: false,
    activeOnly: false,
    sha256: false,
    sensorExtras: false,
    sensorBuild: '005.002.000.60922',
  },
  '6.2': {
    version: '6.2.0.171114.1158',
    versionRelease: '6.2.0-1',
    sensorPutAllowList: false,
    unpagedSensorCap: false,
    immutableDocuments: true,
    activeOnly: false,
    sha256: false,
    sensorExtras: false,
    sensorBuild: '006.000.002.70329',
  },
  '7.5': {
    version: '7.5.2.220302.1533',
    versionRelease: '7.5.2-1',
    sensorPutAllowList: true,
    unpagedSensorCap: true,
    immutableDocuments: true,
    activeOnly: true,
    sha256: true,
    sensorExtras: true,
    sensorBuild: '007.003.001.18323',
  },
};
