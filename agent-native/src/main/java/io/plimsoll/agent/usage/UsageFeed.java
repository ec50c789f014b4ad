package io.plimsoll.agent.usage;

import java.util.List;

/** Where the agent's thread gets its numbers from; neither call waits. */
public interface UsageFeed
{
    /** Of agents that tell nothing. */
    UsageFeed NONE = new UsageFeed()
    {
        @Override
        public long subjectsIntervalNs()
        {
            return 0;
        }

        @Override
        public void subjects(final List<UsageSubject> kernels)
        {
            // Nobody looks.
        }

        @Override
        public UsageReport poll()
        {
            return null;
        }
    };

    /** How often it wants to be told who runs; 0: never. */
    long subjectsIntervalNs();

    /** Those that run now. */
    void subjects(List<UsageSubject> kernels);

    /** The latest that was not taken yet; null: none. */
    UsageReport poll();
}
