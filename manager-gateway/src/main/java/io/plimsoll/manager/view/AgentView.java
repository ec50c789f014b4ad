package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.Liveness;
import java.util.List;
import java.util.Map;

/**
 * An agent; immutable. Amounts by slot name: cpu in millicores, mem in bytes.
 *
 * @param id          from 1.
 * @param name        for people.
 * @param uuid        of the installation.
 * @param group       resource group.
 * @param arch        such as {@code x86_64}.
 * @param labels      that sessions can ask for.
 * @param liveness    as the tracker told the core.
 * @param connected   whether its link is open.
 * @param reconciled  whether its inventory is complete, so that it may get work.
 * @param drained     whether an operator keeps new work away.
 * @param quarantined whether work is kept away because starts failed one after the other.
 * @param connection  number of the current connection.
 * @param capacity    of each slot.
 * @param used        of each slot, including what is held by kernels not proven gone.
 * @param kernels     placed on it now.
 * @param kernelsMax  at a time; negative: no limit.
 * @param orphans     kernels that it runs and that are not ours, as {@code kernelId@term.attempt}.
 */
public record AgentView(
    int id,
    String name,
    String uuid,
    String group,
    String arch,
    Map<String, String> labels,
    Liveness liveness,
    boolean connected,
    boolean reconciled,
    boolean drained,
    boolean quarantined,
    long connection,
    Map<String, Long> capacity,
    Map<String, Long> used,
    int kernels,
    int kernelsMax,
    List<String> orphans)
{
}
