package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Makes, lists, shows, changes and removes users, and says what they may do. */
@Command(
    name = "user",
    description = "Makes, lists, shows, changes and removes users, and says what they may do.",
    footer = {
        "  plimsoll admin user create ana domain=research projects=vision limits.cpu=20",
        "  plimsoll admin user create boss domain=research role=admin",
        "  plimsoll admin user update ana defaultProject=vision active=false",
        "  plimsoll admin user list domain=research"})
final class AdminUserCommand extends SubjectCommand
{
    AdminUserCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    String kind()
    {
        return "user";
    }

    @Override
    String[] headings()
    {
        return new String[]{"NAME", "DOMAIN", "ROLE", "PROJECTS"};
    }

    @Override
    String[] cells(final JsonValue subject)
    {
        return new String[]{
            subject.text("name"), subject.text("domain"), subject.text("role"), names(subject.field("projects"))};
    }
}
