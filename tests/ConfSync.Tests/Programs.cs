using System.Diagnostics;
using ConfSync.Bytes;

namespace ConfSync.Tests;

/// <summary>The real programs that this one has to agree with.</summary>
internal static class Programs
{
    public static async Task<(int Status, string Output, string Error)> RunAsync(
        string program, string[] arguments, byte[] input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        return (process.ExitCode, PosixText.Decode(output.ToArray()), await error);
    }
}
