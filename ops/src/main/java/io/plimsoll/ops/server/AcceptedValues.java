package io.plimsoll.ops.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Tells the values of etcd that make sense from those that do not, for which the one before stays. One thread. */
final class AcceptedValues
{
    /** Stands for the values as a whole, where no single one is to blame. */
    private static final String ALL = "";

    private final SettingsSource source;
    private final String prefix;
    private Map<String, String> accepted = Map.of();
    private Map<String, String> refusals = Map.of();

    AcceptedValues(final SettingsSource source, final String prefix)
    {
        this.source = source;
        this.prefix = prefix;
    }

    /** What comes of values; those that are wrong are among {@link #refusals} then. */
    Settings accept(final Map<String, String> values)
    {
        final Map<String, String> told = new LinkedHashMap<>();
        Map<String, String> trial = new TreeMap<>(values);
        // Each round gives one value up at least, first for the one before it and then for none.
        for (int round = 2 * values.size() + 3; round > 0; round--)
        {
            final Settings settings = Settings.attempt(source.withEtcd(trial, prefix));
            if (settings.mistakes().isEmpty())
            {
                accepted = trial;
                refusals = told;
                return settings;
            }
            if (!giveUp(settings, trial, told))
            {
                told.put(ALL, "etcd: what stands there is not used: " + settings.explanation());
                trial = trial.equals(accepted) ? new TreeMap<>() : new TreeMap<>(accepted);
            }
        }
        throw new IllegalStateException("no end of mistakes: " + told);
    }

    private boolean giveUp(final Settings settings, final Map<String, String> trial, final Map<String, String> told)
    {
        boolean hasGivenUp = false;
        for (final ConfigException mistake : settings.mistakes())
        {
            final Origin origin = settings.origin(mistake);
            if (Origin.Kind.ETCD == origin.kind())
            {
                final String key = origin.place().substring(prefix.length() + 1);
                final String before = told.containsKey(key) ? null : accepted.get(key);
                told.putIfAbsent(key, origin.complaint() + mistake.getMessage());
                if (null == before)
                {
                    trial.remove(key);
                }
                else
                {
                    trial.put(key, before);
                }
                hasGivenUp = true;
            }
        }
        return hasGivenUp;
    }

    /** Complaints by keys as they stand in etcd. */
    Map<String, String> refusals()
    {
        return refusals;
    }
}
