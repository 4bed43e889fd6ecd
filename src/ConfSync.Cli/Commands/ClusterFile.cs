using System.CommandLine;
using System.Text.RegularExpressions;

namespace ConfSync.Cli.Commands;

/// <summary>Where a definition that was made goes: standard output, a file, or the place where it counts.</summary>
/// <param name="Path">The place where it counts.</param>
internal sealed partial record ClusterFile(SharedOptions Shared, StartDirectory Start, Option<bool> Write, Option<bool> Force, string Path)
{
    /// <summary>Sees that the definition may be written.</summary>
    /// <exception cref="WrongCallException">It may not.</exception>
    public void Check(ParseResult call)
    {
        if (!call.GetValue(Write)) return;
        if (File.Exists(Path) && !call.GetValue(Force)) throw new WrongCallException($"{Texts.Shown(Path)} is there already: -o FILE writes elsewhere, --force replaces it");
    }

    /// <param name="isComplete">Another one would have each push refused where it counts, so that it is only shown then.</param>
    /// <returns>False where it could not be written; then that has been said.</returns>
    public bool TryPut(ParseResult call, Output output, string text, bool isComplete)
    {
        if (!isComplete)
        {
            output.Error($"nginx-sync: the definition has to be completed or mended first: its lines that are wrong are named above{(call.GetValue(Write) ? "; it is not written" : "")}");
        }
        var file = call.GetValue(Write) && !isComplete ? null : call.GetValue(Write) ? Path : Start.AbsoluteIfAny(call.GetValue(Shared.OutputFile));
        if (file is null)
        {
            if (!call.GetValue(Shared.Quiet)) output.Page(Shown(text));
            return true;
        }
        return TryWrite(output, text, file, call.GetValue(Shared.Quiet));
    }

    /// <summary>Writes the definition to where it counts.</summary>
    /// <inheritdoc cref="TryPut"/>
    public bool TryWrite(Output output, string text) => TryWrite(output, text, Path, isQuiet: false);

    private bool TryWrite(Output output, string text, string file, bool isQuiet)
    {
        try
        {
            if (file == Path) Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!, (UnixFileMode)0b111_101_101);
            if (file == Path && File.Exists(file)) File.Move(file, $"{file}.old", overwrite: true);
            AtomicFile.Write(file, text);
            if (!isQuiet) output.Line($"Wrote {Texts.Shown(file)}");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: the definition cannot be written: {Texts.Shown(exception.Message)}");
            return false;
        }
    }

    /// <summary>The text as it is shown: without the password, which a copy of it must not have by accident.</summary>
    public static string Shown(string text) => Password().Replace(Texts.ShownLines(text), "AUTH='********' # not shown: --write and -o FILE write it");

    [GeneratedRegex("^AUTH=.*$", RegexOptions.Multiline)]
    private static partial Regex Password();
}
