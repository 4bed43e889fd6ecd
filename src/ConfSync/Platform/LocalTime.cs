using System.Runtime.InteropServices;

namespace ConfSync.Platform;

/// <summary>Formats the time as date(1) does, with the abbreviation of the time zone, which .NET does not know.</summary>
internal static partial class LocalTime
{
    /// <summary>For example <c>Mon Mar 25 06:53:18 AM UTC 2024</c>, as date(1) prints it in the locale en_US.</summary>
    public static string Format(DateTimeOffset time) => Format(time, "%a %b %e %I:%M:%S %p %Z %Y");

    /// <summary>For example <c>2024-03-25T07:53:18+01:00</c> (ISO 8601). It uses libc, because libc knows every zone that
    /// TZ may name.</summary>
    public static string Iso(DateTimeOffset time)
    {
        var text = Format(time, "%Y-%m-%dT%H:%M:%S%z");
        return text[^5] is '+' or '-' ? text.Insert(text.Length - 2, ":") : text;
    }

    /// <summary>For a column: <c>2024-03-25 06:53</c>.</summary>
    public static string FormatShort(DateTimeOffset time) => Format(time, "%Y-%m-%d %H:%M");

    private static string Format(DateTimeOffset time, string format)
    {
        var seconds = time.ToUnixTimeSeconds();
        var broken = default(BrokenDownTime);
        Span<byte> text = stackalloc byte[64];
        if (ToLocal(ref seconds, ref broken) == 0) return time.ToString("u", null);
        var length = Write(text, (nuint)text.Length, format, ref broken);
        return System.Text.Encoding.ASCII.GetString(text[..(int)length]);
    }

    [LibraryImport("libc", EntryPoint = "localtime_r")]
    private static partial nint ToLocal(ref long seconds, ref BrokenDownTime result);

    [LibraryImport("libc", EntryPoint = "strftime", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nuint Write(Span<byte> text, nuint size, string format, ref BrokenDownTime time);

    /// <summary><c>struct tm</c> of glibc and musl on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BrokenDownTime
    {
        public int Second;
        public int Minute;
        public int Hour;
        public int DayOfMonth;
        public int Month;
        public int Year;
        public int DayOfWeek;
        public int DayOfYear;
        public int IsDaylightSaving;
        public long Offset;
        public nint Zone;
    }
}
