package io.plimsoll.manager.control;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.egress.PendingReplies;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveViewStore;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes changes as commands and offers them to the ring, each when the one before is answered. Any thread. */
public final class ConfigurationAdapter implements Configuration
{
    private static final int WAITING_MAX = 1_000;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final CommandIngress ingress;
    private final PendingReplies replies;
    private final CorrelationIds correlationIds;
    private final LiveViewStore view;
    private final OwnerShares shares;
    private final NanoClock clock;
    private final long lostTimeoutMinNs;
    private final AtomicInteger waiting = new AtomicInteger();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /**
     * Of one manager.
     *
     * @param ingress          to the ring.
     * @param replies          where answers come.
     * @param correlationIds   of this reign.
     * @param view             of released records.
     * @param shares           of accounts in what is under way.
     * @param clock            monotonic.
     * @param lostTimeoutMinNs least time to loss of a group, or kernels could run twice.
     */
    public ConfigurationAdapter(
        final CommandIngress ingress,
        final PendingReplies replies,
        final CorrelationIds correlationIds,
        final LiveViewStore view,
        final OwnerShares shares,
        final NanoClock clock,
        final long lostTimeoutMinNs)
    {
        this.ingress = ingress;
        this.replies = replies;
        this.correlationIds = correlationIds;
        this.view = view;
        this.shares = shares;
        this.clock = clock;
        this.lostTimeoutMinNs = lostTimeoutMinNs;
    }

    @Override
    public void ownerInFlight(final int sessions)
    {
        shares.sessionsMax(sessions);
    }

    @Override
    public CompletableFuture<GroupView> configureGroup(final String name, final UnaryOperator<GroupOptions> change)
    {
        return inTurn(() ->
        {
            checkName("group", name);
            final GroupView current = view.group(name);
            final GroupOptions options = change.apply(null == current ? null : current.options());
            final long lostNs = options.get(GroupOption.LOST_TIMEOUT);
            if (0 != lostNs && lostNs < lostTimeoutMinNs)
            {
                throw new CommandRejectedException(
                    RejectCode.OUT_OF_RANGE, GroupOption.LOST_TIMEOUT.label(), 0, 0, lostNs, lostTimeoutMinNs);
            }
            if (null != current && options.equals(current.options()))
            {
                return CompletableFuture.completedFuture(current);
            }
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[GroupOptions.COMMAND_LENGTH_MAX]);
            final long correlationId = correlationIds.next();
            final int length = options.encode(buffer, correlationId, CommandSource.API, name);
            return offer(correlationId, buffer, length).thenApply(sequence -> view.group(name));
        });
    }

    @Override
    public CompletableFuture<AccountView> configureAccount(final String idOrName, final AccountChange change)
    {
        return inTurn(() ->
        {
            final AccountView current = view.account(idOrName);
            final AccountOptions account = change.apply(
                null == current ? unknown(idOrName) : current.options(), null != current);
            checkName("name", account.name());
            final AccountView namesake = view.account(account.name());
            if (null != namesake && namesake.options().id() != account.id())
            {
                throw new CommandRejectedException(RejectCode.NAME_IN_USE, account.name(), 0, 0, 0, 0);
            }
            if (null != current && account.equals(current.options()))
            {
                return CompletableFuture.completedFuture(current);
            }
            final long correlationId = correlationIds.next();
            final UnsafeBuffer command = account.encode(correlationId);
            return offer(correlationId, command, command.capacity())
                .thenApply(sequence -> view.account(Integer.toString(account.id())));
        });
    }

    private AccountOptions unknown(final String idOrName)
    {
        if (idOrName.matches("[1-9][0-9]{0,8}"))
        {
            return AccountOptions.unlimited(Integer.parseInt(idOrName), "account-" + idOrName);
        }
        int highest = 0;
        for (final AccountView account : view.accounts())
        {
            highest = Math.max(highest, account.options().id());
        }
        return AccountOptions.unlimited(highest + 1, idOrName);
    }

    private static void checkName(final String field, final String name)
    {
        final int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (0 == length || length > GroupOptions.NAME_LENGTH_MAX)
        {
            throw new CommandRejectedException(
                RejectCode.OUT_OF_RANGE, field, 0, 0, length, 0 == length ? 1 : GroupOptions.NAME_LENGTH_MAX);
        }
    }

    private <T> CompletableFuture<T> inTurn(final Supplier<CompletableFuture<T>> change)
    {
        if (waiting.incrementAndGet() > WAITING_MAX)
        {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(
                new OverloadedException(OverloadedException.TOO_MANY_CALLS, RETRY_AFTER_SECONDS));
        }
        final CompletableFuture<T> next;
        synchronized (this)
        {
            next = last.handle((value, error) -> null).thenCompose(nothing -> change.get());
            last = next;
        }
        next.whenComplete((value, error) -> waiting.decrementAndGet());
        return next;
    }

    private CompletableFuture<Object> offer(final long correlationId, final DirectBuffer buffer, final int length)
    {
        final CompletableFuture<Object> future = replies.register(correlationId, clock.nanoTime());
        if (!future.isCompletedExceptionally() && !ingress.trySubmit(buffer, 0, length))
        {
            replies.forget(correlationId);
            future.completeExceptionally(new OverloadedException(OverloadedException.RING_FULL, RETRY_AFTER_SECONDS));
        }
        return future;
    }
}
