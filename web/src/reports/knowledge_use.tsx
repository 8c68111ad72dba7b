// How knowledge served: thumbs by article, and what customers asked in vain.

import { Table } from "antd";
import { Link } from "wouter";

import { api } from "../api/client";
import type { ArticleUse, Gap } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { useReportText } from "./texts";

export function KnowledgeUse({ days }: { days: { from: string; until: string; zone: string } }) {
  const text = useReportText();
  const words = useText();
  const { language } = useLanguage();
  const used = useFetched(`used ${JSON.stringify(days)}`, () => api.knowledgeUse(days));
  const gaps = useFetched("gaps", () => api.gaps());
  return (
    <>
      <p className="quiet">{text("gaps_lead")}</p>
      {used.error !== undefined && <p className="failed">{failureText(words, used.error)}</p>}
      <Table<ArticleUse>
        dataSource={used.value?.items ?? []}
        rowKey="key"
        size="small"
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        data-testid="knowledge-use"
        columns={[
          { title: text("article"), dataIndex: "key" },
          { title: text("useful"), dataIndex: "useful", align: "right" },
          { title: text("useless"), dataIndex: "useless", align: "right" },
        ]}
      />
      <Table<Gap>
        dataSource={gaps.value?.items ?? []}
        rowKey="question"
        size="small"
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        columns={[
          {
            title: text("gap"),
            dataIndex: "question",
            render: (question: string, gap) => <Link href={`/conversations/${gap.conversation}`}>{question}</Link>,
          },
          { title: text("times"), dataIndex: "times", align: "right" },
          { title: text("until"), dataIndex: "last_at", render: (at: string) => day(at, language) },
        ]}
      />
    </>
  );
}
