package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.simulate.FieldSet;
import io.plimsoll.loadtest.simulate.GroupParser;
import io.plimsoll.loadtest.simulate.OwnersParser;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.YamlNode;
import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.NearMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what a change says of owners, and finds those that it names elsewhere. */
final class OwnerChanges
{
    private static final List<AccountLevel> ORDER =
        List.of(AccountLevel.DOMAIN, AccountLevel.PROJECT, AccountLevel.USER, AccountLevel.KEYPAIR);
    private static final List<String> NUMBERS =
        List.of("sessions", "systemSessions", "pending", "containers", "priority");
    private static final int WEIGHT_SCALE = 3;
    private static final int PRIORITY_MAX = 100;

    private final ClusterBooks books;
    private final List<AccountChange> changes = new ArrayList<>();
    private int lastId;

    OwnerChanges(final FieldSet owners, final ClusterBooks books)
    {
        this.books = books;
        lastId = books.accounts.isEmpty() ? 0 : books.accounts.lastKey();
        if (null != owners)
        {
            for (final AccountLevel level : ORDER)
            {
                owners.list(word(level) + "s").forEach(node -> read(node, level));
            }
            owners.end();
        }
    }

    List<AccountChange> changes()
    {
        return changes;
    }

    private static String word(final AccountLevel level)
    {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private void read(final YamlNode node, final AccountLevel level)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final Integer known = find(level, name);
        if (changes.stream().anyMatch(change -> change.level() == level && change.name().equals(name)))
        {
            throw node.problem(name + " is changed twice; say all about it in one place");
        }
        final int parentId = parentId(fields, level, null == known);
        final Integer weight = weight(fields.find("weight"));
        final Map<String, Integer> numbers = new TreeMap<>();
        final Map<String, Long> slots = new TreeMap<>();
        final Map<String, Long> pending = new TreeMap<>();
        final FieldSet limits = fields.object("limits");
        if (null != limits)
        {
            limits(limits, numbers, slots, pending);
        }
        fields.end();
        changes.add(new AccountChange(
            level, name, null == known ? ++lastId : 0, parentId, weight, numbers, slots, pending));
    }

    /** Who is new belongs somewhere; who is known stays where it is. */
    private int parentId(final FieldSet fields, final AccountLevel level, final boolean isNew)
    {
        int parentId = 0;
        for (int i = ORDER.indexOf(level) - 1; i >= 0; i--)
        {
            final YamlNode node = fields.find(word(ORDER.get(i)));
            if (null != node && !isNew)
            {
                throw node.problem("owners of the journal stay where they are; leave it out");
            }
            if (null != node && 0 == parentId)
            {
                parentId = need(node, ORDER.get(i));
            }
        }
        return parentId;
    }

    private static Integer weight(final YamlNode node)
    {
        if (null == node)
        {
            return null;
        }
        try
        {
            final int millis = new BigDecimal(node.text().strip()).movePointRight(WEIGHT_SCALE).intValueExact();
            if (millis > 0)
            {
                return millis;
            }
        }
        catch (final ArithmeticException | NumberFormatException ex)
        {
            throw notAWeight(node);
        }
        throw notAWeight(node);
    }

    private static ScenarioException notAWeight(final YamlNode node)
    {
        return node.problem(node.text() + " is not a weight: use a number above 0, such as 1 or 0.5");
    }

    /* Limits. */

    private void limits(
        final FieldSet limits,
        final Map<String, Integer> numbers,
        final Map<String, Long> slots,
        final Map<String, Long> pending)
    {
        for (final Map.Entry<String, YamlNode> limit : limits.entries().entrySet())
        {
            final String name = limit.getKey();
            final YamlNode node = limit.getValue();
            if (NUMBERS.contains(name))
            {
                numbers.put(name, number(name, node));
            }
            else if ("types".equals(name))
            {
                numbers.put(name, isNone(node) ? 0 : GroupParser.types(limits));
            }
            else if ("pendingSlots".equals(name))
            {
                new FieldSet(node).entries().forEach((slot, amount) -> slot(slot, amount, pending));
            }
            else
            {
                slot(name, node, slots);
            }
        }
    }

    private static boolean isNone(final YamlNode node)
    {
        return node.isScalar() && "none".equals(node.text().strip().toLowerCase(Locale.ROOT));
    }

    private static int number(final String name, final YamlNode node)
    {
        final boolean priority = "priority".equals(name);
        if (isNone(node))
        {
            return priority ? PRIORITY_MAX : -1;
        }
        final long value = FieldSet.amount(node, Amounts::count);
        final long max = priority ? PRIORITY_MAX : Integer.MAX_VALUE;
        if (value < 0 || value > max)
        {
            throw node.problem(node.text() + " is out of range: use 0 to " + max + ", or none");
        }
        return (int)value;
    }

    /** A limit of something that nobody has would limit nothing. */
    private void slot(final String name, final YamlNode node, final Map<String, Long> slots)
    {
        final List<String> known = new ArrayList<>(books.resources.slotNames());
        final String slot = OwnersParser.slotName(name);
        if (!known.contains(slot))
        {
            known.addAll(NUMBERS);
            known.addAll(List.of("types", "pendingSlots"));
            throw FieldSet.unknown(name, node, known);
        }
        slots.put(slot, isNone(node) ? -1 : OwnersParser.slotAmount(name, node));
    }

    /* Names. */

    private Integer find(final AccountLevel level, final String name)
    {
        for (final AccountSettings account : books.accounts.values())
        {
            if (account.level == level && account.name.equals(name))
            {
                return account.id;
            }
        }
        return null;
    }

    private int need(final YamlNode node, final AccountLevel level)
    {
        final String name = node.text();
        final Integer known = find(level, name);
        if (null != known)
        {
            return known;
        }
        for (final AccountChange change : changes)
        {
            if (change.level() == level && change.name().equals(name) && change.newId() > 0)
            {
                return change.newId();
            }
        }
        throw unknown(node, word(level), names(level));
    }

    private Set<String> names(final AccountLevel level)
    {
        final Set<String> names = new TreeSet<>();
        for (final AccountSettings account : books.accounts.values())
        {
            if (null == level || account.level == level)
            {
                names.add(account.name);
            }
        }
        return names;
    }

    private static ScenarioException unknown(final YamlNode node, final String what, final Set<String> known)
    {
        final List<String> near = NearMatch.find(node.text(), known);
        return node.problem(node.text() + " is no " + what + " of this journal" + (near.isEmpty() ?
            known.isEmpty() ? "; it has none" : "; there are " + String.join(", ", known) :
            NearMatch.hint(near)));
    }

    /** Number of the account that an added session is charged to. */
    int ownerId(final FieldSet session)
    {
        final YamlNode keypair = session.find("keypair");
        final YamlNode user = session.find("user");
        return null != keypair ? need(keypair, AccountLevel.KEYPAIR) : null == user ? 0 : need(user, AccountLevel.USER);
    }

    /** Accounts that an object names, those under them included; null if it names none. */
    Set<Integer> select(final FieldSet fields)
    {
        final Map<String, Integer> named = new HashMap<>();
        for (final AccountLevel level : ORDER)
        {
            final YamlNode node = fields.find(word(level));
            if (null != node)
            {
                named.put(word(level), need(node, level));
            }
        }
        final YamlNode owner = fields.find("owner");
        if (null != owner)
        {
            named.put("owner", anyLevel(owner));
        }
        if (named.size() > 1)
        {
            throw fields.node().problem("it names owners by " + String.join(" and ", new TreeSet<>(named.keySet())) +
                "; give one of them");
        }
        return named.isEmpty() ? null : new HashSet<>(books.accountsUnder(named.values().iterator().next()));
    }

    private int anyLevel(final YamlNode owner)
    {
        final List<AccountSettings> found = new ArrayList<>();
        for (final AccountSettings account : books.accounts.values())
        {
            if (account.name.equals(owner.text()))
            {
                found.add(account);
            }
        }
        if (found.isEmpty())
        {
            throw unknown(owner, "owner", names(null));
        }
        if (found.size() > 1)
        {
            final List<String> levels = found.stream().map(account -> word(account.level)).toList();
            throw owner.problem(owner.text() + " is the name of a " + String.join(" and of a ", levels) +
                "; say " + String.join(" or ", levels) + " instead of owner");
        }
        return found.get(0).id;
    }
}
