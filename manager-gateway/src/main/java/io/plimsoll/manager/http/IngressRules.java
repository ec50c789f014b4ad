package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.SessionPreparer;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.transport.LaunchSpec;
import java.util.List;

/** The rules by which the API takes sessions and says what is wrong, for other ways in. One thread at a time. */
public final class IngressRules
{
    private final ManagerServices services;
    private final SlotRules slotRules;
    private final SessionPreparer preparer = new SessionPreparer();

    /**
     * By what is there.
     *
     * @param services of the manager.
     */
    public IngressRules(final ManagerServices services)
    {
        this.services = services;
        slotRules = new SlotRules(services.view());
    }

    /**
     * What a submission says of when, where, after what and for whom, and what its launch asks of agents.
     *
     * @param json   an object with the fields that the API has for it; empty: nothing said.
     * @param spec   of the session.
     * @param caller who submits it.
     * @return the terms; throws what {@link #refusal} understands.
     */
    public Terms terms(final byte[] json, final LaunchSpec spec, final Caller caller)
    {
        final TermsReader reader = new TermsReader();
        if (json.length > 0)
        {
            reader.read(json);
        }
        final TermsDraft draft = reader.draft();
        if (null != spec.runtime())
        {
            draft.needsRuntime(spec.runtime());
        }
        else if (null != spec.image())
        {
            draft.needsEngine();
        }
        final String account = reader.account();
        return new Terms(
            draft.dependencies(),
            draft.terms(null == account ? 0 : new Owners(services, caller).applyAsInt(account), List.of()));
    }

    /**
     * Checks and encodes a session.
     *
     * @param request to submit.
     * @param caller  who submits it.
     * @return the session; throws what {@link #refusal} understands.
     */
    public PreparedSession prepare(final SessionRequest request, final Caller caller)
    {
        final List<SessionRequest> admitted = new Admission(services, caller).admitted(List.of(request));
        return preparer.prepare(slotRules.checked(admitted, true).get(0), caller.ownerId());
    }

    /** The problem of a launch that makes no sense. */
    public static RuntimeException badSpec(final String what)
    {
        return new Problem(400, "bad-spec", "spec: " + what).field("spec").asException();
    }

    /** What went wrong, as the API says it. */
    public static Refusal refusal(final Throwable thrown)
    {
        final Problem problem = Rejections.problemOf(thrown);
        final Object field = problem.members().get("field");
        return new Refusal(
            problem.status(),
            problem.code(),
            null == field ? "" : field.toString(),
            problem.detail(),
            problem.retryAfterSeconds());
    }

    /**
     * What was said.
     *
     * @param dependencies ids that must end with success first.
     * @param others       the rest.
     */
    public record Terms(List<Long> dependencies, SessionTerms others)
    {
    }

    /**
     * Why something was not taken.
     *
     * @param status            of HTTP.
     * @param code              stable name in kebab case.
     * @param field             that is wrong, may be empty.
     * @param detail            for people.
     * @param retryAfterSeconds 0: not as it is.
     */
    public record Refusal(int status, String code, String field, String detail, int retryAfterSeconds)
    {
    }
}
