// Interop.java -- java -cp hdrhistogram.jar Interop.java read|write LOG
//
// Reads or writes a log with org.HdrHistogram and prints what is in it: one
// object, a member a tag ("" is none).

import java.io.File;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

public class Interop {
    private static final double[] PERCENTILES = {
        0, 50, 75, 90, 95, 99, 99.9, 99.99, 100
    };

    private static Histogram empty() {
        return new Histogram(1, 3600000000000L, 3);
    }

    private static Histogram sumOf(Map<String, Histogram> sums, String tag) {
        return sums.computeIfAbsent(tag == null ? "" : tag, t -> empty());
    }

    private static Map<String, Histogram> read(String log) throws Exception {
        Map<String, Histogram> sums = new TreeMap<>();
        HistogramLogReader reader = new HistogramLogReader(new File(log));
        EncodableHistogram interval;

        while ((interval = reader.nextIntervalHistogram()) != null) {
            sumOf(sums, interval.getTag()).add((Histogram) interval);
        }
        return sums;
    }

    private static void fill(Histogram histogram, Random random, int second,
            boolean large) {
        for (int i = 0; i < 2000; i++) {
            histogram.recordValue(50000 + random.nextInt(400000) * (1L + i % 7));
        }
        for (int power = 0; power < 41; power++) {
            histogram.recordValue(1L << power);
            histogram.recordValue((1L << power) + 1);
        }
        if (large) {
            histogram.recordValueWithCount(1 + second, 1L << (8 * second));
        }
        histogram.recordValue(3600000000000L - random.nextInt(1000000000));
    }

    private static Map<String, Histogram> write(String log) throws Exception {
        Map<String, Histogram> sums = new TreeMap<>();
        HistogramLogWriter writer = new HistogramLogWriter(log);
        Random random = new Random(12345);

        writer.outputLogFormatVersion();
        writer.outputStartTime(1700000000000L);
        writer.outputLegend();
        for (int second = 0; second < 6; second++) {
            for (String tag : new String[] { null, "send" }) {
                Histogram interval = empty();
                fill(interval, random, second, tag != null);
                interval.setTag(tag);
                sumOf(sums, tag).add(interval);
                double start = 1700000000 + second;
                writer.outputIntervalHistogram(start, start + 1, interval);
            }
        }
        writer.close();
        return sums;
    }

    private static void print(PrintStream out, Histogram h) {
        out.printf(Locale.ROOT, "{\"count\":%d,\"min\":%d,\"max\":%d,"
            + "\"mean\":%s,\"stddev\":%s,\"percentiles\":[", h.getTotalCount(),
            h.getMinNonZeroValue(), h.getMaxValue(), h.getMean(),
            h.getStdDeviation());
        for (int i = 0; i < PERCENTILES.length; i++) {
            out.printf("%s%d", i > 0 ? "," : "",
                h.getValueAtPercentile(PERCENTILES[i]));
        }
        out.print("]}");
    }

    public static void main(String[] args) throws Exception {
        boolean writes = args[0].equals("write");
        String before = "{";

        for (Map.Entry<String, Histogram> entry
            : (writes ? write(args[1]) : read(args[1])).entrySet()) {
            System.out.print(before + "\"" + entry.getKey() + "\":");
            print(System.out, entry.getValue());
            before = ",";
        }
        System.out.println("}");
    }
}
