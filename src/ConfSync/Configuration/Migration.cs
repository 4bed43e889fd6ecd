using System.Collections.Immutable;

namespace ConfSync.Configuration;

/// <summary>What becomes of a line of nginx-sync.sh's configuration file.</summary>
public enum MigrationKind
{
    /// <summary>It means the same here.</summary>
    Kept,

    /// <summary>It is accepted and has no effect.</summary>
    NoEffect,

    /// <summary>It means something else here, or nothing, and may have to be changed.</summary>
    Review,

    /// <summary>It has to be changed.</summary>
    Change,
}

/// <param name="Line">Counted from 1.</param>
/// <param name="Name">The variable; empty where the line is none.</param>
/// <param name="Words">What becomes of it, and what to write instead, without the name; one line, safe to show.</param>
public sealed record MigrationLine(int Line, string Name, MigrationKind Kind, string Words);

/// <summary>Says of each line of nginx-sync.sh's configuration file what becomes of it here. The file is read, never executed.
/// Pure.</summary>
public static class Migration
{
    // Those whose meaning went elsewhere, whatever their value.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["USERPREFIX"] = "the user of a login stands in NODES here: NODES=\"USER@host\"",
    };

    private static readonly Dictionary<string, string> OptionOfSsh = new()
    {
        ["-p"] = "the port goes to NODES (host:{0}) or ~/.ssh/config (Port {0})",
        ["-l"] = "the user goes to NODES ({0}@host)",
        ["-i"] = "SSHKEY=\"{0}\"",
        ["-F"] = "what {0} holds goes to ~/.ssh/config",
        ["-J"] = "~/.ssh/config: ProxyJump {0}",
        ["-o"] = "~/.ssh/config: {0}",
    };

    /// <param name="file">Its name, for messages.</param>
    /// <param name="environment">Returns the values of <c>HOME</c> and <c>USER</c>; null where there is none.</param>
    /// <returns>In the order of the lines.</returns>
    public static ImmutableArray<MigrationLine> Of(string file, string text, Func<string, string?> environment)
    {
        var assignments = ShellAssignments.Parse(file, text, environment).Assignments;
        var problems = ConfigurationFile.Parse(file, text, environment).Problems;
        var lines = new List<MigrationLine>();
        var left = problems.ToList();
        for (var i = 0; i < assignments.Length; i++)
        {
            var end = i + 1 < assignments.Length ? assignments[i + 1].Line : int.MaxValue;
            var own = left.Where(problem => IsOf(assignments[i], end, problem)).ToImmutableArray();
            left.RemoveAll(problem => own.Contains(problem));
            lines.Add(Of(assignments[i], own));
        }
        // What is no assignment, and what is missing.
        lines.AddRange(left.Select(problem => new MigrationLine(problem.Line, "", problem.IsWarning ? MigrationKind.Review : MigrationKind.Change, problem.Message)));
        return [.. lines.OrderBy(line => line.Line)];
    }

    // A value may have several lines; what stands between it and the next assignment is no part of it.
    private static bool IsOf(ShellAssignment assignment, int end, ConfigurationProblem problem) =>
        problem.Line == assignment.Line ||
        (problem.Line > assignment.Line && problem.Line < end && problem.Message.StartsWith($"{assignment.Name}: ", StringComparison.Ordinal));

    private static MigrationLine Of(ShellAssignment assignment, ImmutableArray<ConfigurationProblem> problems)
    {
        var (name, value) = (assignment.Name, assignment.Value ?? "");
        if (Elsewhere.GetValueOrDefault(name) is { } elsewhere) return Line(MigrationKind.Change, elsewhere);
        if (name == "SSH" && value.Contains(' ', StringComparison.Ordinal)) return Line(MigrationKind.Change, OfSsh(value));
        if (KnownVariables.Superseded.FirstOrDefault(variable => variable.Name == name) is { } superseded)
        {
            var options = name == "RSYNC" && value.Contains(' ', StringComparison.Ordinal) ? "; its options are lost: patterns go to EXCLUDE, options of ssh to ~/.ssh/config" : "";
            var copies = name == "MAXBACKUPCOPY" ? $"; for as many generations on a peer: KEEP={value}" : "";
            return Line(options.Length + copies.Length > 0 ? MigrationKind.Review : MigrationKind.NoEffect, $"{superseded.Reason}{options}{copies}");
        }
        if (problems.IsEmpty) return Line(MigrationKind.Kept, "it means the same here");
        return Line(
            problems.All(problem => problem.IsWarning) ? MigrationKind.Review : MigrationKind.Change,
            string.Join("; ", problems.Select(problem => problem.Message.StartsWith($"{name}: ", StringComparison.Ordinal) ? problem.Message[(name.Length + 2)..] : problem.Message)));

        MigrationLine Line(MigrationKind kind, string words) => new(assignment.Line, name, kind, words);
    }

    // SSH="/usr/bin/ssh -p 2222 -oCompression=yes": each option has a place of its own here.
    private static string OfSsh(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var places = new List<string>();
        for (var i = 1; i < words.Length; i++)
        {
            var option = words[i].Length > 2 ? words[i][..2] : words[i];
            var argument = words[i].Length > 2 ? words[i][2..] : OptionOfSsh.ContainsKey(option) && i + 1 < words.Length ? words[++i] : "";
            places.Add(OptionOfSsh.TryGetValue(option, out var place) && argument.Length > 0
                ? string.Format(null, place, argument.Replace('=', ' '))
                : $"{words[i]} goes to ~/.ssh/config, if it is needed");
        }
        return $"SSH=\"{words[0]}\" names the program alone; {string.Join("; ", places)}";
    }
}
