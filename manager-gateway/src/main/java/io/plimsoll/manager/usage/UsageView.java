package io.plimsoll.manager.usage;

import java.util.Comparator;
import java.util.List;

/** What is known of what is used; any thread. */
public interface UsageView
{
    /** Of a cluster that nobody looks at. */
    UsageView NONE = new UsageView()
    {
        @Override
        public KernelUse kernel(final long kernelId, final int attempt)
        {
            return null;
        }

        @Override
        public AgentUse agent(final int agentId)
        {
            return null;
        }

        @Override
        public List<KernelUse> running(final Comparator<KernelUse> order, final int limit)
        {
            return List.of();
        }

        @Override
        public int kernels()
        {
            return 0;
        }
    };

    /** Null: nothing has come of that attempt. */
    KernelUse kernel(long kernelId, int attempt);

    /** Null: nothing has come. */
    AgentUse agent(int agentId);

    /**
     * Kernels that have not ended.
     *
     * @param order null: by id.
     * @param limit most of them.
     */
    List<KernelUse> running(Comparator<KernelUse> order, int limit);

    /** Kernels of which something is known, ended ones of sessions not yet forgotten among them. */
    int kernels();
}
