package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An owner of sessions, and what it may use; a negative maximum is no limit, nor is a slot that is not named.
 *
 * @param id                from 1.
 * @param name              unique.
 * @param level             domain, project, user, keypair or member.
 * @param parentId          account of a higher level; 0: none.
 * @param projectId         of a member: the project in which it stands for a keypair or user; 0: none.
 * @param weight            of fair share, in thousandths.
 * @param sessionsMax       at a time, those of type system apart.
 * @param systemSessionsMax of type system, at a time.
 * @param pendingMax        that wait.
 * @param kernelsMax        of one session.
 * @param priorityMax       0 to 100.
 * @param allowedTypes      a bit per type of session; 0: all.
 * @param limits            of what runs, by slot.
 * @param pendingLimits     of what waits, by slot.
 */
public record AccountOptions(
    int id,
    String name,
    AccountLevel level,
    int parentId,
    int projectId,
    int weight,
    int sessionsMax,
    int systemSessionsMax,
    int pendingMax,
    int kernelsMax,
    int priorityMax,
    int allowedTypes,
    Map<String, Long> limits,
    Map<String, Long> pendingLimits)
{
    /** Most entries of each kind of limits. */
    public static final int LIMITS_MAX = 64;

    /** Most bytes of a name of an account or a slot. */
    public static final int NAME_LENGTH_MAX = 64;

    private static final int LENGTH_MAX = 512 + 2 * LIMITS_MAX * (16 + NAME_LENGTH_MAX);

    /** One that may use whatever there is. */
    public static AccountOptions unlimited(final int id, final String name)
    {
        return new AccountOptions(
            id, name, AccountLevel.USER, 0, 0, 1_000, -1, -1, -1, -1, 100, 0, Map.of(), Map.of());
    }

    /** The command that makes it so. */
    UnsafeBuffer encode(final long correlationId)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH_MAX]);
        final ConfigureAccountEncoder command = new ConfigureAccountEncoder();
        command.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .accountId(id)
            .parentId(parentId)
            .projectId(projectId)
            .level(level)
            .weight(weight)
            .sessionsMax(sessionsMax)
            .systemSessionsMax(systemSessionsMax)
            .pendingMax(pendingMax)
            .kernelsMax(kernelsMax)
            .priorityMax((short)priorityMax)
            .allowedTypes((short)allowedTypes);
        final ConfigureAccountEncoder.LimitsEncoder running = command.limitsCount(limits.size());
        limits.forEach((slot, amount) -> running.next().amount(amount).slotName(slot));
        final ConfigureAccountEncoder.PendingLimitsEncoder waiting = command.pendingLimitsCount(pendingLimits.size());
        pendingLimits.forEach((slot, amount) -> waiting.next().amount(amount).slotName(slot));
        command.accountName(name);
        return new UnsafeBuffer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength());
    }
}
