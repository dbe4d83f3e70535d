import { parentPort } from 'node:worker_threads';
import { runJob, type Job } from './evaluation-job.ts';

/** One thread of the pool: one job in, one result out, nothing kept. */
parentPort?.on('message', (job: Job) => {
  parentPort?.postMessage(runJob(job));
});
