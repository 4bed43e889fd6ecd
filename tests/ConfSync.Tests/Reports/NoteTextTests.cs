using ConfSync.Events;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What is said of a node beside what became of it.</summary>
public sealed class NoteTextTests
{
    private static readonly IReadOnlyList<NodeNote> Notes = EveryRecord.Of<NodeNote>();

    private static readonly IReadOnlyList<UndoReason> Reasons = EveryRecord.Of<UndoReason>();

    [Test]
    public void Every_note_is_a_clause_of_its_own() => Assert.That(Notes.Select(NoteText.Of), Is.Unique.And.All.Not.Empty);

    [Test]
    public void Every_reason_is_a_clause_of_its_own() => Assert.That(Reasons.Select(NoteText.Of), Is.Unique.And.All.Not.Empty);

    [Test]
    public void The_words_of_others_are_made_safe()
    {
        var text = NoteText.Of(new NodeNote.Recovered("undone\e[2J\nall of it"));

        Assert.That(text, Is.EqualTo("an earlier push had been cut off: undone\\x1b[2J\nall of it"));
    }
}
