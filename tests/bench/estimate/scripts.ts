// Short texts in other scripts than Latin, written for this measurement.

/** Kind → texts. */
export const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  "Chinese": [
    "图书馆的会员应该能够在我们的网站上续借图书，而不必打电话给我们。服务台大约一半的电话都是关于续借的，会员常常忘记，然后就要交罚款。已经被其他会员预约的书不能续借，任何人都不能续借超过两次。请先阅读说明文件，再检查项目文件夹里有没有旧的需求，然后写出一份简短的摘要：谁需要它，为什么需要，以及有哪些限制。如果有不清楚的地方，请向用户提问，不要自己猜测。完成之后，把当前步骤标记为已完成，并选择下一个步骤。",
    "每个工作流程由若干节点组成，节点之间用箭头连接。模型读取当前节点的步骤文件，按照里面的要求写出结果，再把变量和文件路径记录在状态文档中。外壳会检查每一次修改：跳过节点、删除已经完成的步骤，或者没有留下决定的理由，都会被拒绝，并且告诉模型应该怎样做。这样，即使是在自己电脑上运行的小模型，也能一步一步地完成很长的任务。",
  ],
  "Chinese and English mixed": [
    '请用 fs_read 读取 @pkg/steps/gather-context.md，然后把结果写到 @project/artifacts/story-brief.md。The acceptance criteria 必须用 Given/When/Then 格式，每条不超过三行。如果测试 failed，请检查 `runtime/run/turn.ts` 里的 askModel() 函数，看看 timeout 是不是 30000 ms。最后调用 state_complete_node，参数是 {"nodeId":"write-story","next":"check-story"}，并且说明 reason。',
    "## 发布说明 v1.4.0\n\n- 新增 `--max-tokens` 选项：超过 budget 时 run 会暂停（phase: paused）。\n- 修复 Windows 上路径分隔符的 bug，感谢 @lin 的 pull request #128。\n- 升级 openai SDK 到 7.x，streaming 的错误信息更清楚了。\n\n请在 GitHub 上报告问题，附上 log.jsonl 和 `crewagent doctor` 的输出。",
  ],
  "Japanese": [
    "図書館の会員が電話をしなくても、ウェブサイトで貸し出しを延長できるようにしたい。窓口への電話の約半分は延長の依頼で、会員は忘れて延滞料を払うことがある。ほかの会員が予約した本は延長できず、だれも二回より多くは延長できない。まず手順のファイルを読み、プロジェクトのフォルダーに古い要件がないかを調べてから、短い要約を書いてください。わからないことは推測せずに、利用者に質問してください。",
  ],
  "Korean": [
    "도서관 회원이 전화를 하지 않고 웹사이트에서 대출을 연장할 수 있어야 한다. 창구로 오는 전화의 절반 정도가 연장 요청이며, 회원들은 잊어버리고 연체료를 내기도 한다. 다른 회원이 예약한 책은 연장할 수 없고, 누구도 두 번을 넘겨 연장할 수 없다. 먼저 단계 파일을 읽고 프로젝트 폴더에 오래된 요구 사항이 있는지 확인한 다음 짧은 요약을 작성하십시오. 모르는 것은 추측하지 말고 사용자에게 물어보십시오.",
  ],
  "Russian": [
    "Читатели библиотеки должны иметь возможность продлить книгу на нашем сайте, не звоня нам. Примерно половина звонков на стойку связана с продлением, а читатели забывают и потом платят штраф. Книгу, которую зарезервировал другой читатель, продлить нельзя, и никто не может продлевать больше двух раз. Сначала прочитайте файл шага, затем проверьте, есть ли в папке проекта старые требования, и напишите краткое изложение. Если что-то неясно, спросите пользователя и не гадайте.",
  ],
  "German and French": [
    "Mitglieder der Bücherei sollen ihre Ausleihe auf unserer Website verlängern können, ohne uns anzurufen. Ungefähr die Hälfte der Anrufe sind Verlängerungen; die Mitglieder vergessen sie und zahlen dann Gebühren. Ein Buch, das jemand anderes vorgemerkt hat, lässt sich nicht verlängern, und niemand darf öfter als zweimal verlängern. Prüfen Sie zuerst, ob im Projektordner ältere Anforderungsbeschreibungen liegen.",
    "Les membres de la bibliothèque doivent pouvoir prolonger un prêt sur notre site sans nous téléphoner. Près de la moitié des appels reçus à l'accueil concernent des prolongations ; les membres oublient, puis paient des pénalités. Un livre déjà réservé par quelqu'un d'autre ne peut pas être prolongé, et personne n'a le droit de prolonger plus de deux fois. Vérifiez d'abord si le dossier contient d'anciennes exigences.",
  ],
  "Arabic and Hindi": [
    "يجب أن يتمكن أعضاء المكتبة من تجديد الإعارة على موقعنا دون الاتصال بنا. نصف المكالمات تقريبا تتعلق بالتجديد، وينسى الأعضاء ثم يدفعون غرامات. لا يمكن تجديد كتاب حجزه عضو آخر، ولا يجوز لأحد أن يجدد أكثر من مرتين. اقرأ ملف الخطوة أولا ثم اكتب ملخصا قصيرا.",
    "पुस्तकालय के सदस्य हमें फ़ोन किए बिना हमारी वेबसाइट पर पुस्तक की अवधि बढ़ा सकें। लगभग आधे फ़ोन इसी के बारे में होते हैं, और सदस्य भूल जाते हैं तथा जुर्माना देते हैं। जिस पुस्तक को किसी और ने आरक्षित किया है उसकी अवधि नहीं बढ़ाई जा सकती। पहले चरण की फ़ाइल पढ़ें, फिर संक्षिप्त सारांश लिखें।",
  ],
  "emoji": [
    "✅ Done! 🎉🎉 The build is green 🟢 and the tests pass 💯. Next: 🚀 deploy → 🧪 staging, then 🏁 production. 👩‍💻👨‍👩‍👧‍👦 Thanks to the team 🙏❤️🔥. ⚠️ Watch the logs 👀📈📉. 🇩🇪🇫🇷🇯🇵 translations are 🔜. 🐛➡️🦋 ✨📝🔧🗑️🔒🔑📦🧵🪡🧶 ☕️🍕🥳",
  ],
};
