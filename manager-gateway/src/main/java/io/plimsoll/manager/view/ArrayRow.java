package io.plimsoll.manager.view;

/** A job array, from which elements get rows of their own when they are placed or cancelled. */
final class ArrayRow
{
    final SessionForm form;
    /** Elements forgotten; the array goes with the last. */
    long forgotten;

    ArrayRow(final SessionForm form)
    {
        this.form = form;
    }

    boolean contains(final long id)
    {
        return id >= form.firstId() && id - form.firstId() < form.count();
    }

    long lastId()
    {
        return form.firstId() + form.count() - 1;
    }
}
