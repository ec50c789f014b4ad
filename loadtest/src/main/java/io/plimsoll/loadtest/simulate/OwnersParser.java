package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.simulate.AccountSpec.Limits;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.NearMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads who owns sessions. Projects and domains that are only mentioned have no limits; so have users if the scenario
 * lists none.
 */
public final class OwnersParser
{
    private static final int WEIGHT_SCALE = 3;
    private static final List<String> SLOTS = List.of("cpu", "mem", "gpu", "cuda.device", "cuda.shares");

    /** By level and name, parents before children: domains are read first, keypairs last. */
    private final Map<String, AccountSpec> accounts = new LinkedHashMap<>();
    /** Slots that agents have by names of their own. */
    private final Set<String> slotNames;
    private boolean usersListed;

    OwnersParser(final FieldSet scenario, final Set<String> slotNames)
    {
        this.slotNames = slotNames;
        final FieldSet owners = scenario.object("owners");
        if (null != owners)
        {
            owners.list("domains").forEach(node -> declare(node, AccountLevel.DOMAIN));
            owners.list("projects").forEach(node -> declare(node, AccountLevel.PROJECT));
            owners.list("users").forEach(node -> declare(node, AccountLevel.USER));
            owners.list("keypairs").forEach(node -> declare(node, AccountLevel.KEYPAIR));
            usersListed = !owners.list("users").isEmpty();
            owners.end();
        }
    }

    /** Parents before children: a project may have been mentioned before its domain was. */
    List<AccountSpec> accounts()
    {
        final Map<Integer, AccountSpec> byId = new HashMap<>();
        accounts.values().forEach(account -> byId.put(account.id(), account));
        final Set<AccountSpec> ordered = new LinkedHashSet<>();
        accounts.values().forEach(account -> addBelow(byId, account, ordered));
        return new ArrayList<>(ordered);
    }

    private static void addBelow(
        final Map<Integer, AccountSpec> byId, final AccountSpec account, final Set<AccountSpec> ordered)
    {
        if (AccountSpec.NOBODY != account.parentId())
        {
            addBelow(byId, byId.get(account.parentId()), ordered);
        }
        ordered.add(account);
    }

    /** Number of the account that a session is charged to. */
    int ownerId(final FieldSet session)
    {
        final YamlNode keypair = session.find("keypair");
        final YamlNode user = session.find("user");
        if (null != keypair)
        {
            final AccountSpec owner = known(keypair, AccountLevel.KEYPAIR);
            if (null != user && known(user, AccountLevel.USER).id() != owner.parentId())
            {
                throw user.problem(keypair.text() + " is a keypair of another user, see line " + owner.line());
            }
            return owner.id();
        }
        if (null == user)
        {
            return AccountSpec.NOBODY;
        }
        return usersListed ?
            known(user, AccountLevel.USER).id() :
            mentioned(AccountLevel.USER, user.text(), AccountSpec.NOBODY, user).id();
    }

    private AccountSpec known(final YamlNode node, final AccountLevel level)
    {
        final AccountSpec account = accounts.get(key(level, node.text()));
        if (null == account)
        {
            final List<String> near = NearMatch.find(
                node.text(),
                accounts.values()
                    .stream()
                    .filter(known -> level == known.level())
                    .map(AccountSpec::name)
                    .toList());
            throw node.problem(node.text() + " is no " + word(level) + " of this scenario" + NearMatch.hint(near));
        }
        return account;
    }

    private void declare(final YamlNode node, final AccountLevel level)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final int parentId = parentId(fields, level);
        final int weight = weight(fields);
        final Limits limits = limits(fields);
        fields.end();
        final AccountSpec known = accounts.get(key(level, name));
        if (null != known)
        {
            throw node.problem(name + " is already a " + word(level) + " in line " + known.line());
        }
        put(new AccountSpec(accounts.size() + 1, parentId, level, name, weight, limits, node.line()));
    }

    private int parentId(final FieldSet fields, final AccountLevel level)
    {
        switch (level)
        {
            case PROJECT:
                return mentionedId(fields, "domain", AccountLevel.DOMAIN, AccountSpec.NOBODY);
            case USER:
                final int domain = mentionedId(fields, "domain", AccountLevel.DOMAIN, AccountSpec.NOBODY);
                final int project = mentionedId(fields, "project", AccountLevel.PROJECT, domain);
                return AccountSpec.NOBODY == project ? domain : project;
            case KEYPAIR:
                return known(fields.need("user"), AccountLevel.USER).id();
            default:
                return AccountSpec.NOBODY;
        }
    }

    private int mentionedId(final FieldSet fields, final String field, final AccountLevel level, final int parentId)
    {
        final YamlNode node = fields.find(field);
        return null == node ? AccountSpec.NOBODY : mentioned(level, node.text(), parentId, node).id();
    }

    private AccountSpec mentioned(
        final AccountLevel level, final String name, final int parentId, final YamlNode node)
    {
        final AccountSpec known = accounts.get(key(level, name));
        if (null != known)
        {
            if (AccountSpec.NOBODY != parentId && AccountSpec.NOBODY == known.parentId() &&
                AccountLevel.PROJECT == level)
            {
                return put(new AccountSpec(
                    known.id(), parentId, level, name, known.weightMillis(), known.limits(), known.line()));
            }
            if (AccountSpec.NOBODY != parentId && parentId != known.parentId())
            {
                throw node.problem(name + " is in another domain, see line " + known.line());
            }
            return known;
        }
        return put(new AccountSpec(accounts.size() + 1, parentId, level, name, 1000, Limits.NONE, node.line()));
    }

    private AccountSpec put(final AccountSpec account)
    {
        accounts.put(key(account.level(), account.name()), account);
        return account;
    }

    private static int weight(final FieldSet fields)
    {
        final YamlNode node = fields.find("weight");
        if (null == node)
        {
            return 1000;
        }
        try
        {
            final int millis = new BigDecimal(node.text()).movePointRight(WEIGHT_SCALE).intValueExact();
            if (millis > 0)
            {
                return millis;
            }
        }
        catch (final ArithmeticException | NumberFormatException ex)
        {
            throw node.problem(node.text() + " is not a weight: use a number above 0, such as 1 or 0.5");
        }
        throw node.problem(node.text() + " is not a weight: use a number above 0, such as 1 or 0.5");
    }

    private Limits limits(final FieldSet account)
    {
        final FieldSet fields = account.object("limits");
        if (null == fields)
        {
            return Limits.NONE;
        }
        final int none = AccountSpec.NO_LIMIT;
        final int max = Integer.MAX_VALUE;
        final int systemSessions = (int)fields.count("systemSessions", none, 0, max);
        final Limits limits = new Limits(
            (int)fields.count("sessions", none, 0, max),
            (int)fields.count("sftpSessions", systemSessions, 0, max),
            (int)fields.count("pending", none, 0, max),
            (int)fields.count("containers", none, 0, max),
            (int)fields.count("priority", 100, 0, 100),
            GroupParser.types(fields),
            new ArrayList<>(),
            new ArrayList<>());
        final FieldSet waiting = fields.object("pendingSlots");
        if (null != waiting)
        {
            slots(waiting, limits.pendingSlots(), List.of());
        }
        slots(
            fields,
            limits.slots(),
            List.of("sessions", "systemSessions", "sftpSessions", "pending", "containers", "priority", "types",
                "pendingSlots"));
        return limits;
    }

    /** Every other name is that of a slot. */
    private void slots(final FieldSet fields, final List<SlotAmount> slots, final List<String> others)
    {
        for (final Map.Entry<String, YamlNode> entry : fields.entries().entrySet())
        {
            if (!others.contains(entry.getKey()) && !entry.getValue().isNull())
            {
                checkSlot(entry.getKey(), entry.getValue(), others);
                slots.add(new SlotAmount(slotName(entry.getKey()), slotAmount(entry.getKey(), entry.getValue())));
            }
        }
    }

    /** A limit of something that nobody has would limit nothing. */
    private void checkSlot(final String name, final YamlNode node, final List<String> others)
    {
        final List<String> known = new ArrayList<>(others);
        known.addAll(SLOTS);
        known.addAll(slotNames);
        if (!name.endsWith(".device") && !name.endsWith(".shares") && !known.contains(name))
        {
            throw FieldSet.unknown(name, node, known);
        }
    }

    /** The name of a slot: {@code gpu} is short for whole CUDA devices. */
    public static String slotName(final String name)
    {
        return "gpu".equals(name) ? "cuda.device" : name;
    }

    public static long slotAmount(final String slot, final YamlNode node)
    {
        return switch (slot)
        {
            case "cpu" -> FieldSet.amount(node, Amounts::cpuMillis);
            case "mem" -> FieldSet.amount(node, Amounts::bytes);
            default -> FieldSet.amount(node, text -> Amounts.ofSlot(slot, text));
        };
    }

    private static String key(final AccountLevel level, final String name)
    {
        return level + " " + name;
    }

    private static String word(final AccountLevel level)
    {
        return switch (level)
        {
            case DOMAIN -> "domain";
            case PROJECT -> "project";
            case USER -> "user";
            default -> "keypair";
        };
    }
}
