package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Puts names of jobs, users, projects, domains, groups, agents and groups of sessions in other words: the first 64 bits
 * of their HMAC-SHA256 under a key. With one key a name is always the same word; without it nobody can tell which, not
 * even by trying all names there are. One thread.
 */
public final class Anonymiser
{
    /** Shorter keys could be tried. */
    public static final int KEY_LENGTH_MIN = 16;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 8;

    private final Map<String, String> words = new HashMap<>();
    private final Map<JobRequest, JobRequest> requests = new IdentityHashMap<>();
    private final Mac mac;

    /** With a key of at least {@link #KEY_LENGTH_MIN} bytes. */
    public Anonymiser(final byte[] key)
    {
        if (key.length < KEY_LENGTH_MIN)
        {
            throw new IllegalArgumentException("the key has " + key.length + " bytes; it needs " + KEY_LENGTH_MIN +
                " at least");
        }
        try
        {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("algorithm=" + ALGORITHM, ex);
        }
    }

    /** The same workload in other words; notes, and what was skipped, are left out. */
    public Workload apply(final Workload workload)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("anonymised");
        builder.originEpochNs(workload.originEpochNs());
        builder.clockNs(workload.clockNs());
        for (final Job job : workload.jobs())
        {
            final Tenant tenant = job.tenant();
            final List<Dependency> after =
                job.after().stream().map(one -> new Dependency(word("job", one.session()), one.anyEnd())).toList();
            final Job renamed = Transform.named(
                job, word("job", job.name()), new Tenant(
                    word("user", tenant.user()), word("project", tenant.project()), word("domain", tenant.domain()),
                    word("group", tenant.group())), after);
            builder.add(Transform.asking(renamed, requests.computeIfAbsent(job.request(), this::request)));
        }
        return builder.build();
    }

    private String word(final String kind, final String name)
    {
        return name.isEmpty() ? "" : "job".equals(kind) ? hash(kind, name) :
            words.computeIfAbsent(kind + "\0" + name, key -> hash(kind, name));
    }

    private String hash(final String kind, final String name)
    {
        final byte[] digest = mac.doFinal((kind + "\0" + name).getBytes(StandardCharsets.UTF_8));
        return kind + "-" + HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES));
    }

    private JobRequest request(final JobRequest request)
    {
        return new JobRequest(request.kernels(), request.constraints().stream().map(this::constraint).toList());
    }

    /** Models, architectures and labels remain: a fleet has them too. */
    private Constraint constraint(final Constraint constraint)
    {
        return switch (constraint.kind())
        {
            case AGENT_STRICT, AGENT_PREFERRED -> new Constraint(
                constraint.kind(), constraint.key(), Arrays.stream(constraint.values().split("\\|"))
                    .map(agent -> word("agent", agent)).collect(Collectors.joining("|")));
            case SPREAD_STRICT, SPREAD_PREFERRED, PACK_STRICT, PACK_PREFERRED ->
                new Constraint(constraint.kind(), word("sessions", constraint.key()), constraint.values());
            default -> constraint;
        };
    }
}
