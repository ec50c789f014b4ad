package io.plimsoll.ops.server;

import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.http.ChangingLimits;
import io.plimsoll.ops.etcd.EtcdFeed;
import io.plimsoll.ops.etcd.EtcdOptions;
import io.plimsoll.ops.etcd.JetcdStore;
import io.plimsoll.ops.etcd.SeenValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of something that runs, as etcd changes it. What can change while it runs is applied, what cannot
 * is told as needing a restart, and what is wrong is refused while the value before it stays. After the start
 * everything happens on the thread of the {@link EtcdFeed}.
 */
final class ConfigWatch implements AutoCloseable
{
    /** Name of the file in the data directory that keeps the values last seen. */
    static final String LAST_SEEN = "etcd-last-seen";

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long CALL_TIMEOUT_MS = 3_000;
    private static final long INTERVAL_MS = 2_000;
    private static final long APPLY_TIMEOUT_S = 40;
    private static final String LOG = "log.";
    private static final String GROUPS = "groups.";
    private static final String OWNER_IN_FLIGHT = "limits.owner-in-flight";

    private final SettingsSource source;
    private final EtcdFeed feed;
    private final LogLevels logLevels;
    private final AcceptedValues accepted;
    private final Map<String, ConfigTrace.Entry> used = new LinkedHashMap<>();
    private final Map<String, ConfigTrace.Entry> told = new LinkedHashMap<>();
    private final Map<String, Failure> failedGroups = new LinkedHashMap<>();
    private Settings wanted;
    private Map<String, String> seen = Map.of();
    private ManagerServices services;
    private ShownConfiguration shown;
    private ChangingLimits limits;
    private volatile int restartCount;
    private volatile int refusedCount;
    private volatile long appliedCount;

    private ConfigWatch(
        final SettingsSource source, final EtcdOptions etcd, final EtcdFeed feed, final LogLevels logLevels)
    {
        this.source = source;
        this.feed = feed;
        this.logLevels = logLevels;
        accepted = new AcceptedValues(source, etcd.prefix());
    }

    /**
     * Asks etcd once, within a few seconds; without an answer the values last seen count.
     *
     * @param plain what stands in file, environment and options; names the etcd.
     */
    static ConfigWatch open(final SettingsSource source, final Settings plain, final LogLevels logLevels)
    {
        final EtcdOptions etcd = plain.etcd();
        final EtcdFeed feed = new EtcdFeed(
            () -> JetcdStore.open(etcd, CALL_TIMEOUT_MS),
            SeenValues.open(plain.data().resolve(LAST_SEEN)),
            INTERVAL_MS);
        feed.readOnce();
        final ConfigWatch watch = new ConfigWatch(source, etcd, feed, logLevels);
        watch.seen = feed.values();
        watch.wanted = watch.accepted.accept(watch.seen);
        watch.wanted.trace().entries().forEach(entry -> watch.used.put(entry.key(), entry));
        return watch;
    }

    /** What to start with. */
    Settings settings()
    {
        return wanted;
    }

    EtcdFeed feed()
    {
        return feed;
    }

    /** What people should know of the start. */
    List<String> notes()
    {
        final List<String> notes = new ArrayList<>();
        if (!feed.isUp())
        {
            notes.add("etcd does not answer (" + feed.trouble() + "); " + (seen.isEmpty() ?
                "nothing was seen in it before" : "the values last seen in it count"));
        }
        notes.addAll(accepted.refusals().values());
        return notes;
    }

    /**
     * Follows etcd from now on.
     *
     * @param running   the manager.
     * @param whereItIs what others shall find.
     */
    void start(final ManagerServices running, final Supplier<String> whereItIs)
    {
        services = running;
        shown = wanted.shown();
        limits = wanted.limits();
        // People see them at the start as well.
        notes().forEach(note -> LOGGER.info("{}", note));
        register();
        show();
        feed.start(this::onValues, whereItIs);
    }

    private void register()
    {
        services.counters().gauge(
            "etcd_up", "1 if etcd answered the last time it was asked", () -> feed.isUp() ? 1 : 0);
        services.counters().gauge(
            "etcd_stale_values", "Values kept of an etcd that is another one since, or was wiped", feed::staleCount);
        services.counters().gauge(
            "config_restart_needed", "Keys of the configuration whose value counts after a restart only",
            () -> restartCount);
        services.counters().gauge(
            "config_refused", "Values in etcd that are wrong, and not used", () -> refusedCount);
        services.counters().counter(
            "config_applied_total", "Changes of the configuration that were applied while running",
            () -> appliedCount);
    }

    private void onValues(final Map<String, String> values)
    {
        final boolean isToRepeat = failedGroups.values().stream().anyMatch(failure -> !failure.isFinal());
        if (seen.equals(values) && !isToRepeat)
        {
            return;
        }
        seen = values;
        final Map<String, String> before = accepted.refusals();
        wanted = accepted.accept(values);
        accepted.refusals().forEach((key, refusal) ->
        {
            if (!refusal.equals(before.get(key)))
            {
                LOGGER.warn("{}; the value before it stays", refusal);
            }
        });
        final Map<String, ConfigTrace.Entry> entries = new LinkedHashMap<>();
        wanted.trace().entries().forEach(entry -> entries.put(entry.key(), entry));
        logLevels.apply(wanted.log());
        limits.become(wanted.limits().now());
        services.tracing().ratio(wanted.manager().tracing().ratio());
        services.configuration().ownerInFlight(wanted.manager().ownerInFlightMax());
        entries.values().stream()
            .filter(entry -> isDynamic(entry.key()) && !entry.key().startsWith(GROUPS)).forEach(this::applied);
        applyGroups(entries);
        entries.values().stream().filter(entry -> !isDynamic(entry.key())).forEach(this::tellRestart);
        // What is no longer named stays as it is in a group, and is as by default elsewhere.
        used.keySet().removeIf(key -> !entries.containsKey(key) && isDynamic(key));
        show();
    }

    private static boolean isDynamic(final String key)
    {
        return key.startsWith(LOG) || key.startsWith(GROUPS) || OWNER_IN_FLIGHT.equals(key) ||
            HttpSettings.isDynamic(key) || TelemetrySettings.RATIO.equals(key);
    }

    private void applied(final ConfigTrace.Entry entry)
    {
        final ConfigTrace.Entry before = used.put(entry.key(), entry);
        if (null == before || !before.value().equals(entry.value()))
        {
            appliedCount++;
            LOGGER.info("configuration: {} is {} now, of {}", entry.key(), entry.value(), entry.origin());
        }
    }

    private void applyGroups(final Map<String, ConfigTrace.Entry> entries)
    {
        failedGroups.keySet().retainAll(wanted.manager().groups().keySet());
        wanted.manager().groups().forEach((group, options) ->
        {
            final Map<String, String> changes = new LinkedHashMap<>();
            options.forEach((option, value) ->
            {
                final ConfigTrace.Entry before = used.get(GROUPS + group + "." + option);
                if (null == before || !before.value().equals(value))
                {
                    changes.put(option, value);
                }
            });
            final Failure failure = changes.isEmpty() ? null : configure(group, changes);
            failedGroups.remove(group);
            if (null == failure)
            {
                options.keySet().forEach(option -> applied(entries.get(GROUPS + group + "." + option)));
            }
            else
            {
                LOGGER.warn("configuration: group {} stays as it is: {}", group, failure.message());
                failedGroups.put(group, failure);
            }
        });
    }

    /** Null: it was done. */
    private Failure configure(final String group, final Map<String, String> changes)
    {
        try
        {
            services.configuration().configureGroup(group, current ->
            {
                GroupOptions options = null == current ? GroupOptions.DEFAULTS : current;
                for (final Map.Entry<String, String> change : changes.entrySet())
                {
                    options = options.with(GroupOption.of(change.getKey()), change.getValue());
                }
                return options;
            }).get(APPLY_TIMEOUT_S, TimeUnit.SECONDS);
            return null;
        }
        catch (final ExecutionException ex)
        {
            return new Failure(ex.getCause().getMessage(), ex.getCause() instanceof CommandRejectedException);
        }
        catch (final TimeoutException ex)
        {
            return new Failure("no answer within " + APPLY_TIMEOUT_S + " s", false);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return new Failure("the manager ends", false);
        }
    }

    private void tellRestart(final ConfigTrace.Entry entry)
    {
        final ConfigTrace.Entry current = used.computeIfAbsent(
            entry.key(), key -> new ConfigTrace.Entry(key, "", Origin.DEFAULT, entry.isSecret()));
        final ConfigTrace.Entry earlier = told.put(entry.key(), entry);
        if (current.value().equals(entry.value()))
        {
            used.put(entry.key(), entry);
        }
        else if (null == earlier || !earlier.value().equals(entry.value()))
        {
            LOGGER.warn(
                "configuration: {} is {} and would be {}, of {}; that needs a restart",
                entry.key(), current.value(), entry.value(), entry.origin());
        }
    }

    private void show()
    {
        final List<ConfigurationView.Entry> entries = new ArrayList<>();
        final Map<String, String> refusals = new LinkedHashMap<>();
        accepted.refusals().forEach((key, refusal) -> refusals.put(key.replace('/', '.'), refusal));
        failedGroups.forEach((group, failure) -> refusals.put(GROUPS + group, failure.message()));
        refusedCount = refusals.size();
        int restarts = 0;
        for (final ConfigTrace.Entry entry : wanted.trace().entries())
        {
            final ConfigTrace.Entry current = used.getOrDefault(entry.key(), entry);
            final boolean needsRestart = !isDynamic(entry.key()) && !current.value().equals(entry.value());
            final String refusal = refusals.remove(entry.key());
            restarts += needsRestart ? 1 : 0;
            entries.add(new ConfigurationView.Entry(
                entry.key(), current.value(), current.origin().toString(), entry.value(), entry.origin().toString(),
                needsRestart, null == refusal ? "" : refusal));
        }
        refusals.forEach((key, refusal) -> entries.add(
            new ConfigurationView.Entry(key, "", "default", "", "default", false, refusal)));
        restartCount = restarts;
        shown.show(entries);
    }

    private record Failure(String message, boolean isFinal)
    {
    }

    @Override
    public void close()
    {
        feed.close();
    }
}
