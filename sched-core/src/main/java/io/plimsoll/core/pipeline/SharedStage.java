package io.plimsoll.core.pipeline;

import org.agrona.concurrent.Agent;

/** Core, journal and egress one after the other: a command is decided, stored and released in one cycle. */
final class SharedStage implements Agent
{
    private final Agent coreStage;
    private final Agent journalStage;
    private final Agent egressStage;

    SharedStage(final Agent coreStage, final Agent journalStage, final Agent egressStage)
    {
        this.coreStage = coreStage;
        this.journalStage = journalStage;
        this.egressStage = egressStage;
    }

    @Override
    public int doWork() throws Exception
    {
        int workCount = 0;
        workCount += coreStage.doWork();
        workCount += journalStage.doWork();
        workCount += egressStage.doWork();
        return workCount;
    }

    @Override
    public String roleName()
    {
        return "core+journal+egress";
    }
}
