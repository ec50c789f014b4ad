package io.plimsoll.manager.http;

import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import java.util.Set;

/**
 * What a role may ask for at all, before anybody looks at what it is about. Whatever changes something and is not named
 * here is for superadmins, so that a new route is never open by oversight. Stateless.
 */
final class Permissions
{
    /** Those whose handlers look at whom it concerns. */
    private static final Set<String> OWN = Set.of(
        "POST /v1/templates",
        "PATCH /v1/templates/{template}",
        "DELETE /v1/templates/{template}",
        "POST /v1/sessions",
        "POST /v1/sessions/cancel",
        "POST /v1/sessions/update",
        "PATCH /v1/sessions/{id}",
        "DELETE /v1/sessions/{id}");
    /** Those that only look, though what they look at stands in a body. */
    private static final Set<String> READS = Set.of("POST " + WaitRoutes.TEMPLATE);
    private static final String[] IDENTITIES = {"/v1/projects", "/v1/users", "/v1/keypairs"};
    private static final Set<String> TERMINALS = Set.of("/v1/sessions/{id}/exec", "/v1/sessions/{id}/attach");

    private Permissions()
    {
    }

    /** Throws the problem if a caller may not ask for this. */
    static void check(final Route route, final Caller caller)
    {
        final boolean changes = isChange(route) || isTerminal(route);
        if (!changes || Role.SUPERADMIN == caller.role())
        {
            return;
        }
        if (Role.MONITOR == caller.role())
        {
            throw Visibility.notAllowed(caller, "a monitor changes nothing").asException();
        }
        final boolean own =
            isTerminal(route) || OWN.contains(route.method() + " " + route.template());
        if (!own && (Role.ADMIN != caller.role() || !isOfIdentities(route.template())))
        {
            throw Visibility.notAllowed(
                caller, "this is for " + (isOfIdentities(route.template()) ? "admins" : "superadmins")).asException();
        }
    }

    /** Whether it leads into a session, where anything may be changed. */
    static boolean isTerminal(final Route route)
    {
        return TERMINALS.contains(route.template());
    }

    /** Whether it changes anything. */
    static boolean isChange(final Route route)
    {
        return !"GET".equals(route.method()) && !READS.contains(route.method() + " " + route.template());
    }

    private static boolean isOfIdentities(final String template)
    {
        for (final String prefix : IDENTITIES)
        {
            if (template.startsWith(prefix))
            {
                return true;
            }
        }
        return false;
    }
}
