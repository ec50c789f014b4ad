package io.plimsoll.manager.http;

import io.plimsoll.manager.identity.Template;
import java.util.function.ToIntFunction;

/** What the names in a submission stand for: accounts, and templates. */
@FunctionalInterface
interface SubmissionNames extends ToIntFunction<String>
{
    /**
     * A template that the submitter may use.
     *
     * @param name    of it, with {@code :VERSION} for one that is not the latest.
     * @param project that the session names; null: none.
     * @return the template, and the name of its project.
     * @throws ProblemException 422 if there is none.
     */
    default Found template(final String name, final String project)
    {
        throw new Problem(422, "unknown-template", "there is no template \"" + name + "\"")
            .field("template")
            .asException();
    }

    /**
     * What a name stands for.
     *
     * @param template of that name.
     * @param project  whose it is.
     */
    record Found(Template template, String project)
    {
    }
}
