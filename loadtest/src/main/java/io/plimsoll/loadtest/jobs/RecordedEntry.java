package io.plimsoll.loadtest.jobs;

import java.util.List;

/** What a journal tells of one entry of a submission: a session, or the elements of an array. */
final class RecordedEntry
{
    final RecordedSubmission submission;
    final long submittedNs;
    final int elements;
    final Tenant tenant;
    /** Of the attempt that counts; 0: it has not started. */
    final long[] startedNs;
    /** 0: it has not ended. */
    final long[] endedNs;
    final int[] exitCodes;

    RecordedEntry(
        final RecordedSubmission submission, final long submittedNs, final int elements, final Tenant tenant)
    {
        this.submission = submission;
        this.submittedNs = submittedNs;
        this.elements = elements;
        this.tenant = tenant;
        startedNs = new long[elements];
        endedNs = new long[elements];
        exitCodes = new int[elements];
    }

    boolean isNeverRun(final int element)
    {
        return 0 != endedNs[element] && 0 == startedNs[element];
    }

    boolean isNeverRun()
    {
        for (int i = 0; i < elements; i++)
        {
            if (!isNeverRun(i))
            {
                return false;
            }
        }
        return true;
    }

    long durationNs(final int element)
    {
        return Math.max(0, endedNs[element] - startedNs[element]);
    }

    void addDurations(final List<Long> durations)
    {
        for (int i = 0; i < elements; i++)
        {
            if (0 != endedNs[i] && 0 != startedNs[i])
            {
                durations.add(durationNs(i));
            }
        }
    }
}
