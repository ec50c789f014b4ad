package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.LiveView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What domains, projects and users use and may use, for Prometheus. Of each level the {@value #OWNERS_MAX} with the
 * lowest numbers, so that the number of series stays bounded and a series does not come and go with its rank.
 */
final class OwnerMetrics
{
    static final int OWNERS_MAX = 200;

    private static final int SLOTS_MAX = 16;
    private static final int MILLI = 3;

    private final MetricsText text;

    OwnerMetrics(final MetricsText text)
    {
        this.text = text;
    }

    void append(final LiveView view)
    {
        final List<AccountView> all = view.accounts();
        final List<AccountView> shown = new ArrayList<>();
        for (final AccountLevel level : List.of(AccountLevel.DOMAIN, AccountLevel.PROJECT, AccountLevel.USER))
        {
            all.stream().filter(account -> level == account.options().level())
                .limit(OWNERS_MAX).forEach(shown::add);
        }
        text.gauge("owners", "Owners that are known, keypairs and members among them", all.size());
        slots(shown, "owner_slots_used", "What sessions of the owner have, cpu in cores, mem in bytes",
            AccountView::used);
        slots(shown, "owner_slots_limit", "What the owner may use at a time, cpu in cores, mem in bytes",
            account -> account.options().limits());
        for (final AccountView account : shown)
        {
            text.gauge("owner_sessions{" + labels(account) + ",state=\"placed\"}", "Sessions of the owner",
                account.sessions());
            text.gauge("owner_sessions{" + labels(account) + ",state=\"pending\"}", "", account.pending());
        }
        limits(shown, "owner_sessions_limit", "Sessions that the owner may have placed at a time",
            account -> account.options().sessionsMax());
        limits(shown, "owner_pending_limit", "Sessions of the owner that may wait",
            account -> account.options().pendingMax());
    }

    private void slots(
        final List<AccountView> accounts,
        final String name,
        final String help,
        final Function<AccountView, Map<String, Long>> amounts)
    {
        for (final AccountView account : accounts)
        {
            amounts.apply(account).entrySet().stream().limit(SLOTS_MAX).forEach(slot ->
            {
                if (slot.getValue() >= 0)
                {
                    text.gauge(
                        name + '{' + labels(account) + ",slot=\"" + Counters.label(slot.getKey()) + "\"}", help,
                        slot.getValue(), "cpu".equals(slot.getKey()) ? MILLI : 0);
                }
            });
        }
    }

    /** No limit makes no series. */
    private void limits(
        final List<AccountView> accounts,
        final String name,
        final String help,
        final Function<AccountView, Integer> limit)
    {
        for (final AccountView account : accounts)
        {
            if (limit.apply(account) >= 0)
            {
                text.gauge(name + '{' + labels(account) + '}', help, limit.apply(account));
            }
        }
    }

    private static String labels(final AccountView account)
    {
        return "level=\"" + account.options().level().name().toLowerCase(Locale.ROOT) + "\",owner=\"" +
            Counters.label(account.options().name()) + '"';
    }
}
