package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.identity.Accounts;
import io.plimsoll.manager.identity.Domain;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Keypair;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.identity.User;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.LiveView;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/** Domains, projects, users and keypairs in answers, with what they use. Stateless. */
final class SubjectJson
{
    private static final long NS_PER_S = 1_000_000_000L;

    private SubjectJson()
    {
    }

    /** Word for its kind. */
    static String kind(final Subject subject)
    {
        return subject instanceof Domain ? "domain" : subject instanceof Project ? "project" :
            subject instanceof User ? "user" : "keypair";
    }

    /**
     * Writes one.
     *
     * @param secret shown once, when it is made; null: none.
     */
    static void write(
        final JsonGenerator json,
        final Subject subject,
        final Identity identity,
        final LiveView view,
        final String secret) throws IOException
    {
        json.writeStartObject();
        describe(json, subject, identity, secret);
        final AccountView account = view.account(Integer.toString(subject.accountId()));
        json.writeBooleanField("confirmed", null != account && Accounts.isConfirmed(subject, account.options()));
        JsonFields.slots(json, "used", null == account ? Map.of() : account.used());
        json.writeNumberField("sessions", null == account ? 0 : account.sessions());
        json.writeNumberField("pending", null == account ? 0 : account.pending());
        json.writeEndObject();
    }

    /** What somebody has said of one, which its ETag names: not what it uses. */
    static Json.Document described(final Subject subject, final Identity identity)
    {
        return json ->
        {
            json.writeStartObject();
            describe(json, subject, identity, null);
            json.writeEndObject();
        };
    }

    private static void describe(
        final JsonGenerator json, final Subject subject, final Identity identity, final String secret)
        throws IOException
    {
        json.writeStringField(subject instanceof Keypair ? "accessKey" : "name", subject.name());
        json.writeNumberField("account", subject.accountId());
        own(json, subject, identity);
        if (null != secret)
        {
            json.writeStringField("token", secret);
            json.writeStringField("secretKey", secret.substring(secret.lastIndexOf('.') + 1));
        }
        json.writeStringField("description", subject.description());
        json.writeBooleanField("active", subject.active());
        time(json, "createdAt", subject.createdAt());
        PolicyDraft.write(json, subject.policy());
    }

    private static void own(final JsonGenerator json, final Subject subject, final Identity identity)
        throws IOException
    {
        if (subject instanceof final Project project)
        {
            json.writeStringField("domain", identity.name(project.domainId()));
            PolicyDraft.texts(json, "members", identity.membersOf(project).stream().map(User::name).toList());
        }
        else if (subject instanceof final User user)
        {
            json.writeStringField("domain", identity.name(user.domainId()));
            json.writeStringField("role", user.role().label());
            PolicyDraft.texts(
                json, "projects", identity.projectsOf(user.accountId()).stream().map(Project::name).toList());
            final Project project = identity.defaultProject(user);
            JsonFields.textOrNull(json, "defaultProject", null == project ? null : project.name());
        }
        else if (subject instanceof final Keypair keypair)
        {
            json.writeStringField("user", identity.name(keypair.userId()));
            time(json, "expiresAt", keypair.expiresAt());
        }
    }

    static void time(final JsonGenerator json, final String name, final Instant time) throws IOException
    {
        JsonFields.time(json, name, null == time ? 0 : time.getEpochSecond() * NS_PER_S + time.getNano());
    }
}
