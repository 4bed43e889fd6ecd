using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>
/// The assignments of a file in shell syntax. The file is read and never executed. It may hold comments, blank lines,
/// <c>NAME=value</c> with or without <c>export</c>, and <c>;</c> between two assignments. <see cref="ShellValueReader"/>
/// reads the values (POSIX Shell Command Language 2.2, 2.3 and 2.9.1). Everything else is a problem.
/// </summary>
/// <param name="Assignments">The assignments in the order of the file. One name may occur several times.</param>
/// <param name="Problems">The problems in the order of their lines.</param>
public sealed record ShellAssignments(
    ImmutableArray<ShellAssignment> Assignments, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <param name="file">The name of the file for messages.</param>
    /// <param name="text">The content as <see cref="PosixText"/>. Windows line ends and a byte order mark, which some
    /// editors write, are ignored.</param>
    /// <param name="environment">Returns the values of <c>HOME</c> and <c>USER</c>; null where there is none.</param>
    public static ShellAssignments Parse(string file, string text, Func<string, string?> environment)
    {
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        // The last line may end with a return alone.
        if (text.EndsWith('\r')) text = text[..^1];
        return ControlCharacters(file, text) is { IsEmpty: false } problems
            ? new ShellAssignments([], problems)
            : new Reader(file, new ShellText(text), environment).Read();
    }

    private static ImmutableArray<ConfigurationProblem> ControlCharacters(string file, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            var line = text[..text.IndexOf('\0', StringComparison.Ordinal)].Count(c => c == '\n') + 1;
            return [new ConfigurationProblem(file, line, "this is not a text file: it holds a NUL character") { Area = ConfigurationArea.Syntax }];
        }
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (!line.Any(IsForbidden)) continue;
            var found = PosixText.Printable($"{line.First(IsForbidden)}");
            problems.Add(new ConfigurationProblem(file, number, $"remove the control character {found}") { Area = ConfigurationArea.Syntax });
        }
        return problems.ToImmutable();

        static bool IsForbidden(char c) => char.IsControl(c) && c is not '\t';
    }

    private sealed class Reader(string file, ShellText source, Func<string, string?> environment)
    {
        // A word processor or a web page makes them of plain ones.
        private const string TypographicQuotes = "“”„‘’‚«»";

        // A file of another kind is wrong in every line.
        private const int MostProblems = 10;

        private readonly List<ConfigurationProblem> problems = [];
        private readonly List<ShellAssignment> assignments = [];
        private readonly Dictionary<string, string?> variables = Environment(environment);

        // The state of the command that is being read.
        private bool isExport;
        private string? lastName;

        public ShellAssignments Read()
        {
            while (!source.IsAtEnd)
            {
                switch (source.Peek())
                {
                    case ' ' or '\t': source.Take(); break;
                    case '#': source.SkipComment(); break;
                    case '\n': EndCommand(); break;
                    case ';' when lastName is null && !isExport:
                        Reject(source.Line, "there is nothing before this ;");
                        break;
                    case ';': EndCommand(); break;
                    default: Word(); break;
                }
            }
            // A quote that is never closed is found last, and reported for the line where it was opened.
            var found = problems.OrderBy(problem => problem.Line).ToImmutableArray();
            return new ShellAssignments([.. assignments], found.Length <= MostProblems ? found :
            [
                .. found.Take(MostProblems),
                new ConfigurationProblem(file, 0, $"and {found.Length - MostProblems} more such lines: is this the configuration file that is meant?") { Area = ConfigurationArea.Syntax },
            ]);
        }

        private static Dictionary<string, string?> Environment(Func<string, string?> environment)
        {
            var variables = new Dictionary<string, string?>();
            if (environment("HOME") is { } home) variables["HOME"] = home;
            if (environment("USER") is { } user) variables["USER"] = user;
            return variables;
        }

        private void EndCommand()
        {
            source.Take();
            isExport = false;
            lastName = null;
        }

        private void Word()
        {
            var line = source.Line;
            var name = ShellSyntax.StartsName(source.Peek()) ? source.TakeWhile(ShellSyntax.ContinuesName) : "";
            switch (source.Peek())
            {
                case '=' when name.Length > 0:
                    source.Take();
                    if (TypographicQuotes.Contains(source.Peek())) Reject(line, $"{name}: {source.Peek()} is a typographic quote: write {name}=\"…\" with plain ones");
                    else Assign(name);
                    break;
                case '[' when name.Length > 0:
                    Reject(line, $"an array ({name}[…]) is not supported: " +
                        $"write {name}=\"…\" with spaces between the items");
                    break;
                case '(' when name.Length > 0:
                    Reject(line, $"a function ({name}) is not supported: this file is read, never executed");
                    break;
                case var c when ShellValueReader.EndsWord(c) && isExport && name.Length > 0:
                    lastName = name;
                    break;
                case var c when ShellValueReader.EndsWord(c) && name == "export" && lastName is null:
                    isExport = true;
                    break;
                default:
                    Reject(line, Explain(name));
                    break;
            }
        }

        private void Assign(string name)
        {
            var reader = new ShellValueReader(source, name, variables, Report);
            var assignment = reader.Read();
            assignments.Add(assignment);
            variables[name] = assignment.Value;
            lastName = name;
            if (reader.LostItsWay) source.SkipLine();
        }

        /// <summary>Explains what the word that begins with this name is, because it is no assignment.</summary>
        private string Explain(string name)
        {
            if (name.Length == 0 && source.Peek() is ('`' or '|' or '&' or '<' or '>' or '(' or ')') and var operation)
            {
                return ShellSyntax.Describe(operation);
            }
            var rest = source.RestOfLine;
            var word = name + string.Concat(rest.TakeWhile(c => !ShellValueReader.EndsWord(c)));
            var shown = Quoted.Of(word);
            if (word.StartsWith("$(", StringComparison.Ordinal)) return ShellSyntax.CommandSubstitution;
            if (word.StartsWith($"{name}+=", StringComparison.Ordinal) && name.Length > 0)
            {
                return $"+= is not supported: write {name}=\"${name} …\"";
            }
            if (ShellSyntax.IsKeyword(word))
            {
                return $"{shown} is not supported: this file is read, never executed, and holds only NAME=value";
            }
            if (name == word && rest.TrimStart().StartsWith('=')) return $"{name}: remove the space before the =";
            return lastName is null
                ? $"{shown} is a command: this file is read, never executed, and holds only NAME=value"
                : $"{shown} stands outside the value of {lastName}: " +
                  $"quote a value that holds spaces, {lastName}=\"…\"";
        }

        private void Reject(int line, string message)
        {
            Report(line, message);
            source.SkipLine();
        }

        private void Report(int line, string message) => problems.Add(new ConfigurationProblem(file, line, message) { Area = ConfigurationArea.Syntax });
    }
}
