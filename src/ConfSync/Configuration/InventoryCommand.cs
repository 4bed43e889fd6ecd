using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Configuration;

/// <summary>What a program said of the inventory, or why it said nothing.</summary>
/// <param name="Json">Null where it failed.</param>
/// <param name="Problem">What is wrong and what to do, safe to show; null where it did not fail.</param>
internal sealed record InventoryAnswer(string? Json, string? Problem);

/// <summary>Runs the program that prints the inventory.</summary>
internal static class InventoryCommand
{
    // Some thousand hosts have a few MiB.
    private const int MostCharacters = 64 << 20;

    private const int MostLinesQuoted = 5;

    /// <summary>What runs where INVENTORY is not set.</summary>
    public static ImmutableArray<string> Default { get; } = ["ansible-inventory", "--list"];

    /// <param name="command">The program, as an absolute path or a name that is looked for in a fixed list of directories, and its
    /// arguments.</param>
    /// <param name="limit">How long it may take.</param>
    public static InventoryAnswer Run(ImmutableArray<string> command, TimeSpan limit)
    {
        var program = command[0].StartsWith('/') ? command[0] : command[0].Contains('/', StringComparison.Ordinal) ? null : LocalProgram.Find(command[0]);
        if (program is null || !File.Exists(program))
        {
            return Failed($"there is no program {PosixText.Printable(command[0])} in {LocalProgram.Directories}: install it (Debian: ansible-core), or set " +
                "INVENTORY to an absolute path and its arguments");
        }
        try
        {
            return AnswerOf(program, command, limit);
        }
        catch (Win32Exception exception)
        {
            return Failed($"{PosixText.Printable(program)} cannot be started: {Marshal.GetPInvokeErrorMessage(exception.NativeErrorCode)}");
        }
    }

    private static InventoryAnswer AnswerOf(string program, ImmutableArray<string> command, TimeSpan limit)
    {
        var start = LocalProgram.StartInfo(program, command[1..]);
        // Ansible refuses to run in any other encoding, and cron and systemd have none.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        var isOver = !Task.WhenAll(output, errors).Wait(limit) || !process.WaitForExit(limit);
        var isTooMuch = output.IsCompletedSuccessfully && output.Result is null;
        if (isOver || isTooMuch)
        {
            LocalProgram.Kill(process);
            return Failed($"{PosixText.Printable(program)} {(isTooMuch ? "printed more than an inventory has" : FormattableString.Invariant($"did not end within {limit.TotalSeconds:0} s (STEP_TIMEOUT)"))}");
        }
        if (process.ExitCode == 0) return new InventoryAnswer(output.Result, null);
        var said = Quoted(errors.Result ?? "");
        return Failed($"{PosixText.Printable(program)} ended with status {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}");
    }

    // A page of usage may stand behind the line that says what is wrong.
    private static string Quoted(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).ToList();
        return string.Join("; ", (telling.Count > 0 ? telling : [.. lines]).TakeLast(MostLinesQuoted).Select(PosixText.Printable));
    }

    private static InventoryAnswer Failed(string problem) => new(null, problem);

    /// <returns>Null where there is more than may be.</returns>
    private static async Task<string?> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        var part = new char[64 * 1024];
        while (await reader.ReadAsync(part) is > 0 and var length)
        {
            text.Append(part, 0, length);
            if (text.Length > MostCharacters) return null;
        }
        return text.ToString();
    }
}
