package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.identity.Owner;

/**
 * What a session, or every element of a job array, was asked for. Immutable.
 *
 * @param firstId     of the array, or of the session.
 * @param count       of elements, 1 for a session.
 * @param isArray     whether it is a job array.
 * @param name        for people.
 * @param ownerId     account that it counts for.
 * @param owner       whose that was when it was submitted.
 * @param group       name of the resource group.
 * @param type        of the session.
 * @param onLoss      what to do when the agent is lost.
 * @param priority    0 to 100.
 * @param kernels     of each session.
 * @param cpuMillis   of each kernel.
 * @param memoryBytes of each kernel.
 * @param walltimeNs  0: no limit.
 * @param submittedNs epoch nanoseconds.
 * @param specId      of what is launched.
 * @param event       the event that says all this and the rest, with its header.
 */
record Asked(
    long firstId,
    long count,
    boolean isArray,
    String name,
    int ownerId,
    Owner owner,
    String group,
    SessionType type,
    OnLoss onLoss,
    int priority,
    int kernels,
    long cpuMillis,
    long memoryBytes,
    long walltimeNs,
    long submittedNs,
    long specId,
    byte[] event)
{
    /** The same with another priority and limit, and another name unless that is null. */
    Asked changed(final String newName, final int newPriority, final long newWalltimeNs)
    {
        return new Asked(
            firstId, count, isArray, null == newName ? name : newName, ownerId, owner, group, type, onLoss,
            newPriority, kernels, cpuMillis, memoryBytes, newWalltimeNs, submittedNs, specId, event);
    }
}
