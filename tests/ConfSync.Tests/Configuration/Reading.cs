using ConfSync.Bytes;
using ConfSync.Configuration;

namespace ConfSync.Tests.Configuration;

/// <summary>The words in which these tests speak of configuration files.</summary>
internal static class Reading
{
    public const string FileName = "/etc/nginx-sync.conf";

    /// <summary>What every file needs, for tests that are about something else.</summary>
    public const string Minimum = "CONFPATHS=/etc/nginx\n";

    public static string? Environment(string name) => name switch
    {
        "HOME" => "/home/ada",
        "USER" => "ada",
        _ => "not to be asked for",
    };

    public static ShellAssignments Assignments(string text) => ShellAssignments.Parse(FileName, text, Environment);

    /// <summary>The value that this name has in the end.</summary>
    public static string? ValueOf(string name, string text)
    {
        var parsed = Assignments(text);
        Assert.That(parsed.Problems, Is.Empty);
        return parsed.Assignments.Last(assignment => assignment.Name == name).Value;
    }

    /// <summary>The items of a list, whatever the variable means.</summary>
    public static string[] WordsOf(string name, string text)
    {
        var values = Assignments(text).Assignments.ToDictionary(assignment => assignment.Name);
        return [.. new Settings(values, (_, message, _) => Assert.Fail(message)).Words(name).Select(word => word.Text)];
    }

    public static ConfigurationResult Read(string text) => ConfigurationFile.Parse(FileName, text, Environment);

    /// <summary>The configuration of a file that has nothing wrong with it.</summary>
    public static SyncConfig Config(string text)
    {
        var result = Read(text);
        Assert.That(result.Problems, Is.Empty);
        return result.Config!;
    }

    /// <summary>Everything that is wrong with the text, as it is shown, without the name of the file.</summary>
    public static string[] ProblemsOf(string text) => ProblemsOf(Read(text));

    public static string[] ProblemsOf(ConfigurationResult result)
    {
        Assert.That(result.Config is null, Is.EqualTo(result.Problems.Any(problem => !problem.IsWarning)));
        return [.. result.Problems.Select(problem =>
            problem.ToString()[(FileName.Length + 1)..].TrimStart() + (problem.IsWarning ? " (warning)" : ""))];
    }

    public static string SyntaxProblem(string text) =>
        string.Join('\n', Assignments(text).Problems.Select(problem => $"{problem.Line}: {problem.Message}"));

    public static byte[] BytesOf(string text) => PosixText.Encode(text);
}
