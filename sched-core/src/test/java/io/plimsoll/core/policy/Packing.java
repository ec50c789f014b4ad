package io.plimsoll.core.policy;

import java.util.List;

/**
 * The published experiment: pods come one by one and never leave; each goes to the best of all agents that fit, and
 * one that fits nowhere is dropped. Scores are kept by shape of request and agent until the agent or the mix changes;
 * other than that, every decision looks at every agent.
 */
final class Packing
{
    /** Sees each arrival after it was decided; node is -1 for a pod that was dropped. */
    interface Observer
    {
        void onArrival(int position, int pod, int node, long devices);
    }

    static final int DROPPED = -1;

    private final OpenbTrace.Workload workload;
    private final SelectionPolicy policy;
    private final MixSource mixes;
    private final ArrayAgent[] agents;
    private final ArrayRequest[] requests;
    private final long[][] scores;
    private final long[][] scoredStates;
    private final int[] byRank;
    private long arrivedShares;
    private long usedShares;

    /** Where the mix comes from: configured, or learned from what has arrived. */
    interface MixSource
    {
        /** Told of each arrival before it is decided. */
        void onArrival(OpenbTrace.Shape shape);

        RequestMix mix();

        /** Changes with the mix. */
        long version();
    }

    Packing(
        final List<OpenbTrace.Node> nodes,
        final int[] ranks,
        final OpenbTrace.Workload workload,
        final SelectionPolicy policy,
        final MixSource mixes)
    {
        this.workload = workload;
        this.policy = policy;
        this.mixes = mixes;
        agents = new ArrayAgent[nodes.size()];
        byRank = new int[nodes.size()];
        for (int i = 0; i < agents.length; i++)
        {
            final OpenbTrace.Node node = nodes.get(i);
            agents[i] = new ArrayAgent(ranks[i] + 1, node.cpu(), node.memory(), node.devices(), node.model());
            byRank[ranks[i]] = i;
        }
        requests = new ArrayRequest[workload.shapes().size()];
        for (int i = 0; i < requests.length; i++)
        {
            requests[i] = new ArrayRequest(workload.shapes().get(i), workload.sets());
        }
        scores = new long[requests.length][agents.length];
        scoredStates = new long[requests.length][agents.length];
    }

    void run(final int[] arrivals, final Observer observer)
    {
        for (int position = 0; position < arrivals.length; position++)
        {
            final int pod = arrivals[position];
            final int shape = workload.shapeOf()[pod];
            mixes.onArrival(workload.shapes().get(shape));
            arrivedShares += workload.shapes().get(shape).shares();
            final int node = best(shape, workload.memory()[pod]);
            final long devices = DROPPED == node ? 0 : place(node, shape, workload.memory()[pod]);
            observer.onArrival(position, pod, node, devices);
        }
    }

    ArrayAgent agent(final int node)
    {
        return agents[node];
    }

    long arrivedShares()
    {
        return arrivedShares;
    }

    long usedShares()
    {
        return usedShares;
    }

    /** What scoring each agent for each shape that fits it takes on average. */
    long scoreNs()
    {
        long count = 0;
        long sum = 0;
        final long startNs = System.nanoTime();
        for (final ArrayRequest request : requests)
        {
            for (final ArrayAgent agent : agents)
            {
                if (agent.fits(request, 0))
                {
                    sum += policy.score(agent, request, mixes.mix());
                    count++;
                }
            }
        }
        final long tookNs = System.nanoTime() - startNs;
        return Long.MIN_VALUE == sum ? 0 : tookNs / Math.max(1, count);
    }

    private int best(final int shape, final long memory)
    {
        final ArrayRequest request = requests[shape];
        final long[] shapeScores = scores[shape];
        final long[] states = scoredStates[shape];
        int best = DROPPED;
        long bestScore = 0;
        for (final int node : byRank)
        {
            final ArrayAgent agent = agents[node];
            if (agent.fits(request, memory))
            {
                final long state = mixes.version() << 32 | agent.changes();
                if (states[node] != state)
                {
                    shapeScores[node] = policy.score(agent, request, mixes.mix());
                    states[node] = state;
                }
                if (DROPPED == best || shapeScores[node] > bestScore)
                {
                    best = node;
                    bestScore = shapeScores[node];
                }
            }
        }
        return best;
    }

    private long place(final int node, final int shape, final long memory)
    {
        final ArrayAgent agent = agents[node];
        final ArrayRequest request = requests[shape];
        final boolean shared = 1 == request.deviceCount() && request.deviceShare() < AgentView.WHOLE;
        final long devices = shared ?
            1L << policy.chooseDevice(agent, request, mixes.mix()) :
            agent.firstIdle(request.deviceCount());
        agent.place(request, memory, devices);
        usedShares += workload.shapes().get(shape).shares();
        return devices;
    }
}
