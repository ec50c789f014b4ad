package io.plimsoll.manager.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the route of a request: literal paths by one look-up, paths with a parameter by comparing their segments.
 * Immutable.
 */
final class Router
{
    private final List<Route> routes;
    private final Map<String, List<Route>> routesByLiteral = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    Router(final List<Route> routes)
    {
        this.routes = List.copyOf(routes);
        for (final Route route : routes)
        {
            final int open = route.template().indexOf('{');
            if (open < 0)
            {
                routesByLiteral.computeIfAbsent(route.template(), key -> new ArrayList<>()).add(route);
            }
            else
            {
                final int close = route.template().indexOf('}');
                patterns.add(new Pattern(
                    route.template().substring(0, open), route.template().substring(close + 1), route));
            }
        }
    }

    List<Route> routes()
    {
        return routes;
    }

    /**
     * Matches a path.
     *
     * @param method of the request; HEAD is answered by routes for GET that do not stream.
     * @param path   without query.
     * @return the route with the raw parameter of the path, null inside if there is none.
     * @throws ProblemException 404 or 405.
     */
    Match match(final String method, final String path)
    {
        final List<Route> literal = routesByLiteral.get(path);
        final List<String> allowed = new ArrayList<>(0);
        if (null != literal)
        {
            for (final Route route : literal)
            {
                if (accepts(route, method))
                {
                    return new Match(route, null);
                }
                allowed.add(route.method());
            }
        }
        for (final Pattern pattern : patterns)
        {
            final String parameter = pattern.parameter(path);
            if (null != parameter)
            {
                if (accepts(pattern.route(), method) && null == literal)
                {
                    return new Match(pattern.route(), parameter);
                }
                allowed.add(pattern.route().method());
            }
        }
        throw (allowed.isEmpty() ? notFound(path) : notAllowed(method, path, literal, allowed)).asException();
    }

    private static boolean accepts(final Route route, final String method)
    {
        return route.method().equals(method) ||
            ("HEAD".equals(method) && "GET".equals(route.method()) && !route.streaming());
    }

    private static Problem notFound(final String path)
    {
        return new Problem(
            404, "unknown-route", "there is nothing at " + path + "; GET /openapi.json lists what there is");
    }

    private static Problem notAllowed(
        final String method, final String path, final List<Route> literal, final List<String> allowed)
    {
        final List<String> methods = new ArrayList<>();
        for (final String candidate : null == literal ? allowed : literal.stream().map(Route::method).toList())
        {
            if (!methods.contains(candidate))
            {
                methods.add(candidate);
            }
        }
        final String list = String.join(", ", methods);
        return new Problem(405, "method-not-allowed", path + " knows " + list + ", not " + method).allow(list);
    }

    /**
     * What was found.
     *
     * @param route     of the request.
     * @param parameter raw segment of the path, null if the route has none.
     */
    record Match(Route route, String parameter)
    {
    }

    private record Pattern(String prefix, String suffix, Route route)
    {
        /** Null if the path is not of this pattern. */
        String parameter(final String path)
        {
            final int end = path.length() - suffix.length();
            final boolean framed = end > prefix.length() && path.startsWith(prefix) && path.endsWith(suffix);
            if (!framed || path.indexOf('/', prefix.length()) < end && path.indexOf('/', prefix.length()) >= 0)
            {
                return null;
            }
            return path.substring(prefix.length(), end);
        }
    }
}
