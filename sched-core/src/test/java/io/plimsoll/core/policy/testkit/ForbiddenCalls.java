package io.plimsoll.core.policy.testkit;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Looks through the bytecode of a policy, and of the classes it came with, for what nothing in the core may call. The
 * rules are those by which the core itself is built.
 */
final class ForbiddenCalls
{
    private static final List<String> RULES = List.of("core.txt", "core-threads.txt");
    private static final String MESSAGE = "@defaultMessage ";

    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> seen = new TreeSet<>();
    private final Deque<Class<?>> left = new ArrayDeque<>();
    private final Set<String> found = new TreeSet<>();

    /** A rule; the member is null if the whole class is meant. */
    private record Rule(Pattern owner, Pattern member, String why)
    {
    }

    private ForbiddenCalls()
    {
        RULES.forEach(this::read);
    }

    /** What a class must not call and calls, in words; empty if nothing. */
    static Set<String> of(final Class<?> policy)
    {
        final ForbiddenCalls calls = new ForbiddenCalls();
        calls.visit(policy);
        while (!calls.left.isEmpty())
        {
            calls.scan(calls.left.remove());
        }
        return calls.found;
    }

    private void read(final String file)
    {
        try (InputStream in = ForbiddenCalls.class.getResourceAsStream(file);
            BufferedReader lines = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in, file), StandardCharsets.UTF_8)))
        {
            String why = "";
            for (String line = lines.readLine(); null != line; line = lines.readLine())
            {
                if (line.startsWith(MESSAGE))
                {
                    why = line.substring(MESSAGE.length());
                }
                else if (!line.isBlank() && !line.startsWith("#"))
                {
                    rules.add(rule(line.strip(), why));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A class, or a class and one of its members; {@code *} stands for a part of a name, {@code **} for anything. */
    private static Rule rule(final String line, final String why)
    {
        final int hash = line.indexOf('#');
        final Pattern owner = pattern(hash < 0 ? line : line.substring(0, hash));
        return new Rule(owner, hash < 0 ? null : pattern(line.substring(hash + 1)), why);
    }

    private static Pattern pattern(final String text)
    {
        return Pattern.compile(
            text.replaceAll("[.()\\[\\]$]", "\\\\$0").replace("**", "\n").replace("*", "[^.]*").replace("\n", ".*"));
    }

    /** Only what came with the policy: neither the JDK nor the core. */
    private void visit(final Class<?> type)
    {
        if (seen.add(type.getName()))
        {
            left.add(type);
        }
    }

    private void scan(final Class<?> type)
    {
        final String resource = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(resource), resource))
        {
            final ConstantPool pool = new ConstantPool(new DataInputStream(in));
            for (final String owner : pool.classes())
            {
                check(type, owner, null);
                visitCompanion(type, owner);
            }
            for (final ConstantPool.Member member : pool.members())
            {
                check(type, member.owner(), member.signature());
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void visitCompanion(final Class<?> type, final String name)
    {
        if (name.startsWith("java.") || name.startsWith("["))
        {
            return;
        }
        try
        {
            final Class<?> other = Class.forName(name, false, type.getClassLoader());
            if (Objects.equals(type.getProtectionDomain().getCodeSource(), other.getProtectionDomain().getCodeSource()))
            {
                visit(other);
            }
        }
        catch (final ClassNotFoundException ex)
        {
            found.add(type.getName() + " needs " + name + ", which is not here");
        }
    }

    private void check(final Class<?> type, final String owner, final String signature)
    {
        for (final Rule rule : rules)
        {
            final boolean isMeant = null == signature ?
                null == rule.member :
                null != rule.member && rule.member.matcher(signature).matches();
            if (isMeant && rule.owner.matcher(owner).matches())
            {
                found.add(
                    type.getName() + " uses " + owner + (null == signature ? "" : "." + signature) + ": " + rule.why);
            }
        }
    }
}
