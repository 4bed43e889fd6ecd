using System.Text.RegularExpressions;

namespace ConfSync.Tests;

/// <summary>The folders of src/ConfSync are rooms: each uses only those before it in this list, so that no two depend on
/// each other. docs/design.md says what is in them.</summary>
public sealed partial class RoomTests
{
    private static readonly string[] Rooms =
    [
        "Platform", "Bytes", "Trees", "Changes", "Services", "Inventory", "Configuration", "Transport", "Protocol", "Timing", "Events", "Primary", "Runs", "Reports",
    ];

    private static readonly string Source = Repository.File("src/ConfSync");

    [Test]
    public void Every_folder_is_a_room() => Assert.That(
        from directory in Directory.EnumerateDirectories(Source)
        let name = Path.GetFileName(directory)
        where name is not ("bin" or "obj") && Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Any()
        select name, Is.EquivalentTo(Rooms));

    [TestCaseSource(nameof(Rooms))]
    public void A_room_uses_only_rooms_before_it(string room)
    {
        var allowed = Rooms.TakeWhile(other => other != room).ToHashSet();
        var files = Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs", SearchOption.AllDirectories).ToList();
        Assert.That(files, Is.Not.Empty);

        var wrong = from file in files
                    from match in Used().Matches(File.ReadAllText(file))
                    let used = match.Groups[1].Value
                    where used != room && !allowed.Contains(used)
                    select $"{Path.GetFileName(file)} uses {used}";

        Assert.That(wrong.Distinct(), Is.Empty);
    }

    [Test]
    public void A_file_says_its_room_as_its_namespace()
    {
        var wrong = from room in Rooms
                    from file in Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs", SearchOption.AllDirectories)
                    where !File.ReadAllText(file).Contains($"namespace ConfSync.{room};", StringComparison.Ordinal)
                    select Path.GetFileName(file);

        Assert.That(wrong, Is.Empty);
    }

    // In a using line, and in a name that is written out.
    [GeneratedRegex(@"(?<!namespace )\bConfSync\.(\w+)")]
    private static partial Regex Used();
}
