import type { Io } from '../io.ts';
import { Activity } from '../terminal/activity.ts';

/** One for each terminal, whoever waits there at the same time. */
const activities = new WeakMap<Io, Activity>();

/** Shows on a terminal what is waited for, as soon as that takes long. */
export function track<T>(io: Io, label: string, work: () => Promise<T>): Promise<T> {
  const activity = activities.get(io) ?? new Activity(io);
  activities.set(io, activity);
  return activity.track(label, work);
}
