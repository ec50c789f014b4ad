package io.plimsoll.loadtest.live;

import java.util.List;

/**
 * What is to be done.
 *
 * @param agents        simulated ones.
 * @param agentsPerLink that share a connection; 0: as many as it takes.
 * @param agentThreads  that step the agents.
 * @param sessions      to run; {@link Long#MAX_VALUE}: as many as the steps bring.
 * @param rates         sessions a second, one step after the other; none: as fast as it takes.
 * @param stepNs        length of each step; {@link Long#MAX_VALUE}: there is one, to the end.
 * @param untilBroken   whether the first step that breaks is the last.
 * @param breakNs       p99 from submission to assignment above which a step counts as broken.
 * @param batch         sessions in a request; {@link #BATCH_BY_RATE}: as few as make a thousand requests a second.
 * @param outstandingMax sessions not ended at a time, where there is no rate.
 * @param api           through which sessions are submitted; reads are over HTTP.
 * @param lanes         connections that submit.
 * @param kernels       of each session.
 * @param runNs         that a session runs.
 * @param readShare     of all requests, from 0 to below 1, that read.
 * @param chaos         what goes wrong.
 * @param group         resource group of its own.
 * @param drainNs       without any progress, after which what has not ended counts as lost.
 * @param seed          of chance.
 */
public record LoadPlan(
    int agents,
    int agentsPerLink,
    int agentThreads,
    long sessions,
    List<Double> rates,
    long stepNs,
    boolean untilBroken,
    long breakNs,
    int batch,
    long outstandingMax,
    SubmitApi api,
    int lanes,
    int kernels,
    long runNs,
    double readShare,
    ChaosPlan chaos,
    String group,
    long drainNs,
    long seed)
{
    /** So many sessions are in a request as its rate asks for; only where there are rates. */
    public static final int BATCH_BY_RATE = 0;

    /** Whether each request is sent when the one before has been answered. */
    public boolean isClosed()
    {
        return rates.isEmpty();
    }
}
