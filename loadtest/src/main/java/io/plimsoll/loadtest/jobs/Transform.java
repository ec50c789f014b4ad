package io.plimsoll.loadtest.jobs;

/** Changes of single jobs. Stateless. */
final class Transform
{
    private Transform()
    {
    }

    static Job at(final Job job, final long arrivalNs)
    {
        return new Job(
            job.name(), arrivalNs, job.tenant(), job.type(), job.priority(), job.preemptible(), job.request(),
            job.limitNs(), job.elements(), job.lives(), job.after());
    }
}
