package io.plimsoll.manager.http;

import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.identity.Template;
import io.plimsoll.manager.identity.User;
import io.plimsoll.transport.NearMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Finds templates by their names, among those of projects that a caller sees. Made for each request. */
final class TemplateFinder
{
    private static final int VERSION_LENGTH_MAX = 9;

    private final Visibility visibility;
    private final Caller caller;
    private final Identity identity;

    TemplateFinder(final Visibility visibility, final Caller caller, final Identity identity)
    {
        this.visibility = visibility;
        this.caller = caller;
        this.identity = identity;
    }

    /** Projects that the caller sees; all, or that one. */
    List<Project> projects(final String named)
    {
        return identity.projects().stream()
            .filter(project -> null == named || project.name().equals(named))
            .filter(project -> visibility.sees(caller, project))
            .toList();
    }

    /**
     * The project in which a template is made: the one that is named, or the caller's default.
     *
     * @throws ProblemException 422 that says which there are.
     */
    Project home(final String named)
    {
        final List<Project> projects = projects(named);
        if (null == named && identity.subject(caller.userId()) instanceof final User user)
        {
            final Project project = identity.defaultProject(user);
            if (null != project)
            {
                return project;
            }
        }
        if (1 == projects.size())
        {
            return projects.get(0);
        }
        final String names = String.join(", ", projects(null).stream().map(Project::name).toList());
        throw new Problem(
            422, null == named ? "project-missing" : "unknown-project",
            (null == named ? "project: say which" : "there is no project \"" + named + "\"") +
                (names.isEmpty() ? "; there is none for " + caller.name() : "; there is " + names))
            .field("project").asException();
    }

    /** All versions of a template; of the caller's default project first. Null if there is none. */
    NavigableMap<Integer, Template> versions(final String name, final String project)
    {
        final List<NavigableMap<Integer, Template>> found = new ArrayList<>();
        final int first = null == project && identity.subject(caller.userId()) instanceof final User user &&
            null != identity.defaultProject(user) ? identity.defaultProject(user).accountId() : 0;
        for (final Project one : projects(project))
        {
            final NavigableMap<Integer, Template> versions = identity.templates(one.accountId()).get(name);
            if (null != versions)
            {
                found.add(one.accountId() == first ? 0 : found.size(), versions);
            }
        }
        if (found.size() > 1 && found.get(0).lastEntry().getValue().projectId() != first)
        {
            throw new Problem(
                422, "project-missing", "several projects have a template \"" + name + "\": " + String.join(", ",
                    found.stream().map(versions -> project(versions.lastEntry().getValue())).toList()))
                .field("project").asException();
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** What a submission names, as {@code train} or {@code train:3}. */
    SubmissionNames.Found found(final String text, final String project)
    {
        final int colon = text.indexOf(':');
        final String name = colon < 0 ? text : text.substring(0, colon);
        final NavigableMap<Integer, Template> versions = versions(name, project);
        if (null == versions)
        {
            throw unknown(422, name, project).field("template").asException();
        }
        final Template template =
            colon < 0 ? versions.lastEntry().getValue() : version(versions, text.substring(colon + 1));
        return new SubmissionNames.Found(template, project(template));
    }

    /** One of several versions, by its number. */
    static Template version(final NavigableMap<Integer, Template> versions, final String number)
    {
        final boolean isNumber = number.matches("[1-9][0-9]*") && number.length() <= VERSION_LENGTH_MAX;
        final Template template = isNumber ? versions.get(Integer.valueOf(number)) : null;
        if (null == template)
        {
            throw new Problem(
                422, "unknown-template", "of template \"" + versions.lastEntry().getValue().name() +
                    "\" there is no version \"" + number + "\"; there is " + versions.firstKey() + " to " +
                    versions.lastKey()).field("template").asException();
        }
        return template;
    }

    Problem unknown(final int status, final String name, final String project)
    {
        final List<String> names = projects(project).stream()
            .flatMap(one -> identity.templates(one.accountId()).keySet().stream())
            .distinct()
            .toList();
        return new Problem(
            status, "unknown-template", "there is no template \"" + name + "\"" +
                (null == project ? "" : " in project " + project) + NearMatch.hint(NearMatch.find(name, names)));
    }

    String project(final Template template)
    {
        final Subject project = identity.subject(template.projectId());
        return null == project ? "" : project.name();
    }
}
