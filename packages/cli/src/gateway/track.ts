import type { Io } from '../io.ts';
import { Activity } from '../terminal/activity.ts';

/** One for each terminal, whoever waits there at the same time. */
const activities = new WeakMap<Io, Activity>();

/** Shows on a terminal what is waited for, as soon as that takes long. */
export function track<T>(io: Io, label: string, work: () => Promise<T>): Promise<T> {
  const activity = activities.get(io) ?? openActivity(io);
  return activity.track(label, work);
}

function openActivity(io: Io): Activity {
  const activity = new Activity(io);
  activities.set(io, activity);
  io.interrupted?.addEventListener('abort', () => activity.stop(), { once: true });
  return activity;
}
