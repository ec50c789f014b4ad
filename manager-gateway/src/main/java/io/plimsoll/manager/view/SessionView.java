package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.transport.LaunchSpec;
import java.util.List;
import java.util.Map;

/**
 * A session as of a journalled sequence; immutable. Times are epoch nanoseconds, 0 while they have not come.
 *
 * @param id           of the session.
 * @param name         for people.
 * @param ownerId      of the submitter.
 * @param owner        its name.
 * @param group        resource group.
 * @param type         of the session.
 * @param priority     0 to 100.
 * @param state        of the least advanced kernel.
 * @param result       undefined until it has ended.
 * @param reason       why this state was entered.
 * @param exitCode     -1: none.
 * @param attempt      number of the current attempt, from 1; 0 before the first.
 * @param arrayId      first id of its job array, 0 if it is not of one.
 * @param arrayIndex   in its job array, -1 if it is not of one.
 * @param submittedNs  when it was accepted.
 * @param startedNs    when its last kernel came to run, in the current attempt.
 * @param endedNs      when it ended.
 * @param notBeforeNs  earliest next attempt, 0 if none is waited for.
 * @param onLoss       what to do when the agent is lost.
 * @param walltimeNs   0: no limit.
 * @param cpuMillis    of each kernel.
 * @param memoryBytes  of each kernel.
 * @param slots        further slots of each kernel.
 * @param dependencies ids that must end with success first.
 * @param terms        the rest of what was asked for.
 * @param kernels      in index order; as many as the session has, also while pending.
 * @param spec         what the agent launches.
 */
public record SessionView(
    long id,
    String name,
    int ownerId,
    String owner,
    String group,
    SessionType type,
    int priority,
    LifeState state,
    Result result,
    Reason reason,
    int exitCode,
    int attempt,
    long arrayId,
    int arrayIndex,
    long submittedNs,
    long startedNs,
    long endedNs,
    long notBeforeNs,
    OnLoss onLoss,
    long walltimeNs,
    long cpuMillis,
    long memoryBytes,
    Map<String, Long> slots,
    List<Long> dependencies,
    SessionTerms terms,
    List<KernelView> kernels,
    LaunchSpec spec)
{
}
