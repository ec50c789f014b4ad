package io.plimsoll.manager.http;

import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.database.DatabaseUnavailableException;
import io.plimsoll.manager.identity.Accounts;
import io.plimsoll.manager.identity.IdentityException;
import io.plimsoll.transport.NearMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the manager throws into an answer that says what was asked for and what would be right. */
final class Rejections
{
    private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);
    private static final long MEBIBYTE = 1L << 20;

    private Rejections()
    {
    }

    static Problem problemOf(final Throwable thrown)
    {
        final Throwable cause = thrown instanceof CompletionException && null != thrown.getCause() ?
            thrown.getCause() : thrown;
        if (cause instanceof ProblemException problem)
        {
            return problem.problem();
        }
        if (cause instanceof CommandRejectedException rejected)
        {
            return rejected(rejected);
        }
        if (cause instanceof OverloadedException overloaded)
        {
            return overloaded(overloaded);
        }
        if (cause instanceof DatabaseUnavailableException unavailable)
        {
            final Problem problem = new Problem(503, unavailable.code(), unavailable.getMessage());
            return 0 == unavailable.retryAfterSeconds() ? problem : problem.retryAfter(unavailable.retryAfterSeconds());
        }
        if (cause instanceof IdentityException refused)
        {
            return new Problem(409, refused.code(), refused.getMessage());
        }
        if (cause instanceof TimeoutException)
        {
            return new Problem(
                504,
                "no-answer",
                "the manager did not answer in time; it may still carry this out: look before you repeat it, or" +
                    " repeat it with the same Idempotency-Key");
        }
        LOG.error("request failed", cause);
        return new Problem(500, "internal", "the manager made a mistake; its log says more");
    }

    private static Problem overloaded(final OverloadedException overloaded)
    {
        final String code = overloaded.code();
        final String detail = switch (code)
        {
            case "no-space" -> "the journal has no space left for anything new; accepted work goes on";
            case "too-many-questions" -> "more questions are being asked than the scheduler answers between decisions";
            case OverloadedException.RING_FULL -> "more commands are coming in than the scheduler takes";
            case OverloadedException.OWNER_BUSY -> "this account has as many submissions on their way to the" +
                " scheduler as it may (limits.owner-in-flight), so that it does not keep others waiting";
            case OverloadedException.TOO_MANY_PENDING -> "as many wait as may (sessions: pendingMax of the" +
                " resource group, or what its backfilling can follow; or cancellations of many)";
            default -> "a bound is reached (" + code + ")";
        };
        final Problem problem = new Problem(
            OverloadedException.OWNER_BUSY.equals(code) ? 429 : 503,
            code,
            detail + "; try again in " + overloaded.retryAfterSeconds() + " s")
            .retryAfter(overloaded.retryAfterSeconds());
        return accepted(problem, overloaded.accepted());
    }

    private static Problem rejected(final CommandRejectedException rejected)
    {
        final Problem problem = new Problem(status(rejected), ApiNames.rejectCode(rejected.code()), detail(rejected))
            .with("entryIndex", (long)rejected.entryIndex());
        final String field = field(rejected);
        if (!field.isEmpty())
        {
            problem.field(field);
        }
        if (0 != rejected.requested() || 0 != rejected.limit())
        {
            problem.with("requested", rejected.requested()).with("limit", rejected.limit());
        }
        if (0 != rejected.subject())
        {
            problem.with("subject", rejected.subject());
        }
        if (503 == problem.status() || 429 == problem.status())
        {
            problem.retryAfter(1);
        }
        return accepted(problem, rejected.accepted());
    }

    /** A long submission goes in parts; those before the refused one stay accepted. */
    private static Problem accepted(final Problem problem, final List<SubmitReply> replies)
    {
        if (replies.isEmpty())
        {
            return problem;
        }
        final List<String> ranges = new ArrayList<>();
        for (final SubmitReply reply : replies)
        {
            ranges.add(IdRanges.format(reply.firstId(), reply.firstId() + reply.count() - 1));
        }
        return problem.with("accepted", ranges);
    }

    /** As the API names it. */
    private static String field(final CommandRejectedException rejected)
    {
        if (RejectCode.UNKNOWN_GROUP == rejected.code())
        {
            return "group";
        }
        if (RejectCode.UNKNOWN_POLICY == rejected.code())
        {
            return "select";
        }
        return switch (rejected.field())
        {
            case "dependencies" -> "after";
            case "spec", "session" -> "command";
            case "startsAt" -> "startAt";
            case "walltime" -> "timeout";
            default -> rejected.field();
        };
    }

    private static int status(final CommandRejectedException rejected)
    {
        return switch (rejected.code())
        {
            case UNKNOWN_SESSION, UNKNOWN_AGENT -> 404;
            case IDEMPOTENCY_KEY_REUSED, ALREADY_ENDED, NOT_LOST_TAIL, NAME_IN_USE, STALE_CONNECTION, STALE_TERM -> 409;
            case TOO_MANY_PENDING, TOO_MANY_AGENTS -> 429;
            case LOST_TAIL -> 503;
            case OUT_OF_RANGE, UNKNOWN_SLOT, TOO_MANY_DEPENDENCIES, TOO_MANY_KERNELS -> 400;
            default -> 422;
        };
    }

    private static String detail(final CommandRejectedException rejected)
    {
        final String field = RejectCode.UNKNOWN_GROUP == rejected.code() ? rejected.field() : field(rejected);
        final String requested = amount(field, rejected.requested(), true);
        final String limit = amount(field, rejected.limit(), false);
        return switch (rejected.code())
        {
            case UNKNOWN_GROUP -> "there is no resource group \"" + field + "\"; the group of a fresh installation is" +
                " \"default\"";
            case UNKNOWN_SLOT -> field + ": no agent has a slot of this name; see the capacity of the agents";
            case OUT_OF_RANGE -> field + ": given " + requested + ", the limit is " + limit;
            case UNSATISFIABLE -> unsatisfiable(rejected, requested, limit);
            case UNKNOWN_DEPENDENCY -> "after: there is no session " + rejected.subject() +
                ", or it ended so long ago that it is forgotten";
            case TOO_MANY_PENDING -> Accounts.shown(rejected.detail()) + "; beyond a half of what may wait in a" +
                " group, nobody may have more waiting than it has left free; wait until some have started";
            case IDEMPOTENCY_KEY_REUSED -> "this Idempotency-Key was used with another body; choose a new key";
            case UNKNOWN_SESSION -> "there is no session " + rejected.subject() +
                ", or it ended so long ago that it is forgotten";
            case ALREADY_ENDED -> "session " + rejected.subject() + " has ended already";
            case UNKNOWN_AGENT -> "there is no agent " + rejected.subject();
            case LOST_TAIL -> "an agent has seen more than the journal holds, so nothing is placed; find the lost" +
                " part of the journal, or accept the loss with: plimsoll recover --accept-loss";
            case NOT_LOST_TAIL -> "the journal has lost nothing, so there is no loss to accept";
            case TOO_MANY_DEPENDENCIES -> "after: " + requested + " dependencies, at most " + limit;
            case TOO_MANY_KERNELS -> "kernels: " + requested + " asked for, at most " + limit;
            case NAME_IN_USE -> field.isEmpty() ? "the name is in use" : "the name " + field + " is in use";
            case QUOTA_EXCEEDED, TYPE_NOT_ALLOWED -> rejected.detail().isEmpty() ?
                field + ": requested " + requested + " > limit " + limit : Accounts.shown(rejected.detail());
            case UNKNOWN_ACCOUNT -> "there is no account " + rejected.requested();
            case UNKNOWN_POLICY -> noSuchPolicy(rejected.field());
            case BAD_CONSTRAINT -> "a constraint makes no sense, or all of them together are too long";
            case TOO_MANY_SLOTS -> "slots: there are " + limit + " kinds at most";
            case POISONED -> "this very input broke the scheduler before and is not tried again; its record in the" +
                " journal says more";
            default -> "refused: " + ApiNames.rejectCode(rejected.code());
        };
    }

    private static String noSuchPolicy(final String name)
    {
        final List<String> known = new ArrayList<>(GroupOption.SELECT.choices());
        known.addAll(SelectionPolicies.names());
        return "select: there is no policy " + name + "; there are " + String.join(", ", known) +
            NearMatch.hint(NearMatch.find(name, known));
    }

    private static String unsatisfiable(
        final CommandRejectedException rejected, final String requested, final String limit)
    {
        if ("constraints".equals(rejected.field()))
        {
            return "constraints: no agent of the group is what is asked for by architecture, labels, model or name," +
                " and has the container engine that an image needs, or the runtime that was named";
        }
        if ("kernels".equals(rejected.field()))
        {
            return "kernels: " + requested + " of this size can never run at once, even on an empty cluster; at most " +
                limit + " would fit";
        }
        return rejected.field() + ": requested " + requested + " > largest agent has " + limit + "; ask for at most " +
            limit;
    }

    /** Mebibytes are rounded so that what is asked for never looks smaller, nor a limit larger, than it is. */
    private static String amount(final String field, final long amount, final boolean up)
    {
        if ("cpu".equals(field))
        {
            return BigDecimal.valueOf(amount, 3).stripTrailingZeros().toPlainString();
        }
        if ("mem".equals(field) && amount >= MEBIBYTE)
        {
            return (amount / MEBIBYTE + (up && 0 != amount % MEBIBYTE ? 1 : 0)) + "m";
        }
        return Long.toString(amount);
    }
}
